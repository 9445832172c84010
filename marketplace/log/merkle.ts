import { createHash } from 'node:crypto';
import { nodeHash } from '../../sdk/package/index.ts';

/** The hash of a tree without leaves. */
export const emptyRoot = createHash('sha256').digest('hex');

/** A subtree that became complete by adding a leaf. */
export interface CompleteSubtree {
  level: number;
  index: number;
  hash: string;
}

/**
 * Adds a leaf to a tree of `size` leaves whose complete subtrees are `peaks`, the largest first.
 * Answers the new peaks and every subtree that is complete now, the leaf itself included.
 */
export function addLeaf(
  size: number,
  peaks: readonly string[],
  leaf: string,
): { peaks: string[]; complete: CompleteSubtree[] } {
  const left = [...peaks];
  let hash = leaf;
  let level = 0;
  const complete: CompleteSubtree[] = [{ level, index: size, hash }];
  for (let bits = size; bits % 2 === 1; bits = Math.floor(bits / 2)) {
    const sibling = left.pop();
    if (sibling === undefined) throw new RangeError(`A tree of ${size} leaves has more peaks than were given`);
    hash = nodeHash(sibling, hash);
    level += 1;
    complete.push({ level, index: Math.floor(size / 2 ** level), hash });
  }
  return { peaks: [...left, hash], complete };
}

/** The root over complete subtrees, the largest first. */
export function rootOf(peaks: readonly string[]): string {
  const [last, ...larger] = [...peaks].reverse();
  if (last === undefined) return emptyRoot;
  return larger.reduce((hash, peak) => nodeHash(peak, hash), last);
}

/** Reads the hash of a complete subtree. */
export type ReadSubtree = (level: number, index: number) => Promise<string>;

/** The path from leaf `index` to the root of a tree of `size` leaves (RFC 9162, 2.1.3.1), the leaf's end first. */
export async function inclusionPath(index: number, size: number, read: ReadSubtree): Promise<string[]> {
  const path: string[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    const other = index < middle ? ([middle, end] as const) : ([start, middle] as const);
    path.unshift(await rangeHash(other[0], other[1], read));
    [start, end] = index < middle ? [start, middle] : [middle, end];
  }
  return path;
}

/** Proves that a tree of `size` leaves begins with the one of `earlier` leaves (RFC 9162, 2.1.4.1). */
export async function consistencyPath(earlier: number, size: number, read: ReadSubtree): Promise<string[]> {
  const path: string[] = [];
  let [start, end, whole] = [0, size, true];
  while (earlier !== end) {
    const middle = start + largestPowerBelow(end - start);
    if (earlier <= middle) {
      path.unshift(await rangeHash(middle, end, read));
      end = middle;
    } else {
      path.unshift(await rangeHash(start, middle, read));
      start = middle;
      whole = false;
    }
  }
  if (!whole) path.unshift(await rangeHash(start, end, read));
  return path;
}

/** Whether the later tree begins with the earlier one (RFC 9162, 2.1.4.2): false when an old entry was rewritten. */
export function isConsistent(
  earlier: { size: number; root: string },
  later: { size: number; root: string },
  path: readonly string[],
): boolean {
  if (earlier.size === 0) return path.length === 0;
  if (earlier.size === later.size) return path.length === 0 && earlier.root === later.root;
  if (earlier.size > later.size) return false;
  const steps = isPowerOfTwo(earlier.size) ? [earlier.root, ...path] : [...path];
  let [node, last] = [earlier.size - 1, later.size - 1];
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  const first = steps.shift();
  if (first === undefined) return false;
  let [oldHash, newHash] = [first, first];
  for (const step of steps) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(step, oldHash);
      newHash = nodeHash(step, newHash);
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    } else {
      newHash = nodeHash(newHash, step);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && oldHash === earlier.root && newHash === later.root;
}

async function rangeHash(start: number, end: number, read: ReadSubtree): Promise<string> {
  const length = end - start;
  if (isPowerOfTwo(length) && start % length === 0) return read(Math.log2(length), start / length);
  const middle = start + largestPowerBelow(length);
  return nodeHash(await rangeHash(start, middle, read), await rangeHash(middle, end, read));
}

function largestPowerBelow(length: number): number {
  let power = 1;
  while (power * 2 < length) power *= 2;
  return power;
}

const isPowerOfTwo = (value: number) => Number.isInteger(Math.log2(value));
