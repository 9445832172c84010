import { crc32, createInflateRaw } from 'node:zlib';
import { archiveLimits } from './archive-limits.ts';
import { refuseArchive } from './refuse-archive.ts';

/**
 * Unpacks one gzip member (RFC 1952) piece by piece, counting. Nothing may follow it, and its checksum is checked: what
 * another tool would read differently is refused. A reader that stops early stops the work.
 *
 * @throws {Failure} install_refused with `content.reason`
 */
export async function* gunzip(bytes: Uint8Array): AsyncGenerator<Buffer> {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = headerLength(packed);
  const inflate = createInflateRaw({ chunkSize: 65_536 });
  inflate.end(packed.subarray(start));
  let size = 0;
  let checksum = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      size += chunk.length;
      checksum = crc32(chunk, checksum);
      if (size > archiveLimits.unpacked + archiveLimits.entries * 1_024) {
        throw refuseArchive('unpacked_too_large', `it unpacks to more than ${archiveLimits.unpacked} bytes`);
      }
      if (size > 1_048_576 && size > packed.length * archiveLimits.ratio) {
        throw refuseArchive('bomb', `it grows more than ${archiveLimits.ratio} times when unpacked`);
      }
      yield chunk;
    }
  } catch (error) {
    if (isZlibError(error))
      throw refuseArchive('gzip_broken', 'its compressed data is broken or cut off', { cause: error });
    throw error;
  } finally {
    inflate.destroy();
  }
  checkTrailer(packed, start + inflate.bytesWritten, size, checksum);
}

function checkTrailer(packed: Buffer, end: number, size: number, checksum: number): void {
  if (packed.length < end + 8) throw refuseArchive('gzip_broken', 'its compressed data is cut off');
  if (packed.readUInt32LE(end) !== checksum || packed.readUInt32LE(end + 4) !== size % 2 ** 32) {
    throw refuseArchive('gzip_checksum', 'its checksum does not fit its data');
  }
  if (packed.length > end + 8) {
    throw refuseArchive('gzip_trailing', `${packed.length - end - 8} bytes follow the end of the compressed data`);
  }
}

/** Length of the member's header. Only a file name may be in it: the other optional parts are places to hide things. */
function headerLength(packed: Buffer): number {
  if (packed.length > archiveLimits.packed) {
    throw refuseArchive('too_large', `it has ${packed.length} bytes, at most ${archiveLimits.packed} are taken`);
  }
  if (packed.length < 18 || packed[0] !== 0x1f || packed[1] !== 0x8b || packed[2] !== 8) {
    throw refuseArchive('not_gzip', 'it is no gzip file; "patchbay pack" makes one');
  }
  const flags = packed[3] ?? 0;
  if (flags === 0) return 10;
  if (flags !== 8) throw refuseArchive('gzip_flags', 'its gzip header has parts other than a file name');
  const end = packed.indexOf(0, 10);
  if (end < 0 || end > 10 + 255) throw refuseArchive('gzip_flags', 'the file name in its gzip header does not end');
  return end + 1;
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
