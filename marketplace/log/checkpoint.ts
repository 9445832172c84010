import { createPrivateKey, sign } from 'node:crypto';
import { type Checkpoint, checkpointText } from '../../sdk/package/index.ts';
import { LogHead } from '../models/log-tree.ts';
import type { HostKey, Parts } from '../parts.ts';
import { rootOf } from './merkle.ts';

/** Signs how the log stands now. */
export async function checkpoint(parts: Parts): Promise<Checkpoint> {
  const head = await LogHead.findById('log').lean();
  return signCheckpoint(parts.key, {
    origin: parts.origin,
    size: head?.size ?? 0,
    root: rootOf(head?.peaks ?? []),
    at: new Date(parts.clock()).toISOString(),
  });
}

function signCheckpoint(key: HostKey, said: Pick<Checkpoint, 'origin' | 'size' | 'root' | 'at'>): Checkpoint {
  const signature = sign(null, Buffer.from(checkpointText(said)), createPrivateKey(key.private_key));
  return { ...said, key_id: key.key_id, public_key: key.public_key, signature: signature.toString('base64') };
}
