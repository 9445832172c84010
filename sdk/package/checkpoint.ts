import { verify } from 'node:crypto';
import { readPublicKey } from './sign.ts';

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

/** Whether a checkpoint was signed with the key that it names. Whether that key is trusted is the reader's to say. */
export function isSigned(given: Checkpoint): boolean {
  const signature = Buffer.from(given.signature, 'base64');
  return verify(null, Buffer.from(checkpointText(given)), readPublicKey(given.public_key), signature);
}
