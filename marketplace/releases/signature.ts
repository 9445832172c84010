import type { Manifest } from '../../sdk/contract/manifest.ts';
import { type Signature, verify } from '../../sdk/package/sign.ts';
import type { Publisher } from '../models/publisher.ts';
import { refused } from './intake.ts';

/**
 * Checks that a signature over the canonical manifest was made with a key of the publisher that is not revoked.
 *
 * @throws Failure `install_refused`, reason `signature`, `unknown_key` or `revoked_key`
 */
export function mustBeSigned(manifest: Manifest, signature: Signature | null, publisher: Publisher): void {
  if (!signature) {
    throw refused(
      'unsigned',
      `${manifest.name}@${manifest.version} is not signed; sign it with a key of ${publisher._id}: \`patchbay sign\``,
    );
  }
  const key = publisher.keys.find(({ key_id }) => key_id === signature.key_id);
  if (!key) {
    throw refused(
      'unknown_key',
      `${signature.key_id.slice(0, 80)} is no key of ${publisher._id}; add it with POST /registry/publishers/${publisher._id}/keys`,
    );
  }
  if (key.revoked_at) {
    throw refused('revoked_key', `${key.key_id} was revoked on ${key.revoked_at.toISOString()}; sign with another key`);
  }
  if (!verify(manifest, signature, key.public_key)) {
    throw refused(
      'signature',
      `The signature does not fit the manifest of ${manifest.name}@${manifest.version}; sign it again`,
    );
  }
}

/** Whether any of a release's signatures fits its manifest and was made with a key that is still good. */
export function hasGoodSignature(manifest: Manifest, signatures: readonly Signature[], publisher: Publisher): boolean {
  return signatures.some((signature) => {
    const key = publisher.keys.find((one) => one.key_id === signature.key_id && !one.revoked_at);
    return key !== undefined && verify(manifest, signature, key.public_key);
  });
}
