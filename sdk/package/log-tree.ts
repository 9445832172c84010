import { createHash } from 'node:crypto';

/**
 * The hash tree of RFC 9162, section 2.1, as pure functions. Hashes are hex.
 * A leaf is hashed with a leading 0, an inner node with a leading 1, so that neither can pass for the other.
 */
export function leafHash(leaf: string): string {
  return createHash('sha256').update(Buffer.of(0)).update(leaf, 'utf8').digest('hex');
}

export function nodeHash(left: string, right: string): string {
  return createHash('sha256')
    .update(Buffer.of(1))
    .update(Buffer.from(left, 'hex'))
    .update(Buffer.from(right, 'hex'))
    .digest('hex');
}

/** Whether `path` leads from the leaf to `root` (RFC 9162, 2.1.3.2). */
export function includes(proof: { leaf: string; index: number; size: number; path: string[]; root: string }): boolean {
  if (proof.index >= proof.size) return false;
  let [node, last, hash] = [proof.index, proof.size - 1, proof.leaf];
  for (const step of proof.path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(step, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, step);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash === proof.root;
}
