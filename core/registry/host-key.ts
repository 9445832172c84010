import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { HostKey } from '../../marketplace/index.ts';
import { describePublicKey } from '../../sdk/package/sign.ts';
import { siteSecret } from '../vault/site-secret.ts';

/** The Ed25519 key of this site: made once, sealed, the same on every node. */
export async function hostKey(): Promise<HostKey> {
  const private_key = await siteSecret('registry-key', () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  const pem = createPublicKey(private_key).export({ type: 'spki', format: 'pem' }).toString();
  return { ...describePublicKey(pem), private_key };
}
