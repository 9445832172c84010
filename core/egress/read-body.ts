import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { EgressError } from './egress-error.ts';

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
  zstd: createZstdDecompress,
};

/** What we can decode, for `Accept-Encoding`. */
export const acceptEncoding = 'gzip, br';

/**
 * Reads an answer's body, decoding it while counting, so that a bomb costs no more than `max` bytes.
 *
 * @throws EgressError `too_large` (unless it is to be cut), `bad_answer` on a broken encoding
 */
export async function readBody(
  stream: Readable,
  encoding: string | undefined,
  max: number,
  overflow: 'fail' | 'cut',
): Promise<{ body: Buffer; cut: boolean }> {
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length > 2) throw new EgressError('bad_answer', 'The answer is encoded more than twice');
  let source: Readable = stream;
  const chain: Transform[] = [];
  for (const name of names.reverse()) {
    const make = decoders[name];
    if (!make)
      throw new EgressError('bad_answer', `The answer has the unknown encoding ${JSON.stringify(name.slice(0, 40))}`);
    const decoder = make();
    const before = source;
    before.on('error', (error) => decoder.destroy(error));
    source = before.pipe(decoder);
    chain.push(decoder);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (size + chunk.length > max) {
        if (overflow === 'fail') throw new EgressError('too_large', `The answer is longer than ${max} bytes`);
        chunks.push(chunk.subarray(0, max - size));
        return { body: Buffer.concat(chunks), cut: true };
      }
      chunks.push(chunk);
      size += chunk.length;
    }
    return { body: Buffer.concat(chunks), cut: false };
  } catch (error) {
    if (error instanceof Error && /^Z_|^ERR_BROTLI|^ERR__|^ZSTD/.test((error as NodeJS.ErrnoException).code ?? ''))
      throw new EgressError('bad_answer', 'The answer is not what its Content-Encoding says', { cause: error });
    throw error;
  } finally {
    for (const decoder of chain) decoder.destroy();
    stream.destroy();
  }
}
