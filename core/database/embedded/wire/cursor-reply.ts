import type { Document } from '../values/document.ts';
import { encode } from '../values/encode.ts';

/**
 * The reply of a command that returns a cursor: `{cursor: {firstBatch: [...], id, ns}, ok: 1}`. The documents are put in as
 * the bytes that they are, without decoding and encoding them.
 * @param batch - `firstBatch` or `nextBatch`
 * @param more - further fields of the reply
 * @param inside - further fields of `cursor`
 */
export function cursorReply(
  batch: string,
  documents: Buffer[],
  id: bigint,
  namespace: string,
  more: Document = {},
  inside: Document = {},
): Buffer {
  const tail = encode({ id, ns: namespace, ...inside });
  const rest = encode({ ok: 1, ...more });
  let arraySize = 5;
  for (const [i, document] of documents.entries()) arraySize += 2 + digits(i) + document.length;
  const cursorSize = 4 + 1 + batch.length + 1 + arraySize + (tail.length - 4);
  const total = 4 + 1 + 'cursor'.length + 1 + cursorSize + (rest.length - 4);
  const bytes = Buffer.allocUnsafe(total);
  let at = bytes.writeInt32LE(total, 0);
  at += bytes.write('\x03cursor\0', at, 'latin1');
  at = bytes.writeInt32LE(cursorSize, at);
  at += bytes.write(`\x04${batch}\0`, at, 'latin1');
  at = bytes.writeInt32LE(arraySize, at);
  for (const [i, document] of documents.entries()) {
    at += bytes.write(`\x03${i}\0`, at, 'latin1');
    at += document.copy(bytes, at);
  }
  bytes[at++] = 0;
  at += tail.copy(bytes, at, 4);
  rest.copy(bytes, at, 4);
  return bytes;
}

function digits(index: number): number {
  return index < 10 ? 1 : index < 100 ? 2 : index < 1000 ? 3 : String(index).length;
}
