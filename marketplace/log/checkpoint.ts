import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { LogHead } from '../models/log-tree.ts';
import type { HostKey, Parts } from '../parts.ts';
import { rootOf } from './merkle.ts';

/** A signed statement: at this time the log had this many lines and this root. */
export interface Checkpoint {
  /** address of the registry */
  origin: string;
  size: number;
  /** hex */
  root: string;
  at: string;
  key_id: string;
  /** raw Ed25519 key, base64 */
  public_key: string;
  /** Ed25519 over `checkpointText`, base64 */
  signature: string;
}

/** The bytes that a checkpoint's signature covers: one value a line. */
export function checkpointText({
  origin,
  size,
  root,
  at,
}: Pick<Checkpoint, 'origin' | 'size' | 'root' | 'at'>): string {
  return `patchbay registry checkpoint\n${origin}\n${size}\n${root}\n${at}\n`;
}

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

/** Whether a checkpoint was signed with the key that it names. Whether that key is trusted is the reader's to say. */
export function isSigned(given: Checkpoint): boolean {
  const key = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(given.public_key, 'base64')]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, Buffer.from(checkpointText(given)), key, Buffer.from(given.signature, 'base64'));
}
