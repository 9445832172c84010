import { digest } from './hash.js';
import { NativeUint8Array } from './primordials.js';

/**
 * Random bytes from a seed of 32 bytes that the host drew: SHA-256 over key and counter, the key replaced after each
 * use, so that what was given out cannot be worked out from what is in memory later.
 */
export function makeRandom(seed) {
  let key = seed;
  const block = (n) => {
    const input = new NativeUint8Array(40);
    input.set(key);
    new DataView(input.buffer).setFloat64(32, n);
    return digest('sha256', input);
  };
  return function fill(target) {
    let counter = 1;
    for (let at = 0; at < target.length; at += 32) {
      const bytes = block(counter++);
      target.set(bytes.subarray(0, Math.min(32, target.length - at)), at);
    }
    key = block(0);
    return target;
  };
}
