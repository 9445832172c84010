import { constants, gzipSync } from 'node:zlib';
import { Header } from 'tar/header';
import { blockSize } from './read-header.ts';

/**
 * Writes files as a gzipped tar that depends on nothing but their paths and bytes: sorted, without dates, owners or the
 * name of the system that packed it.
 */
export function writeArchive(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const parts: Buffer[] = [];
  for (const path of [...files.keys()].sort()) {
    const content = files.get(path) ?? new Uint8Array();
    const block = Buffer.alloc(blockSize);
    new Header({
      ...{ path, mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: new Date(0), type: 'File' },
    }).encode(block);
    parts.push(block, Buffer.from(content), Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize));
  }
  parts.push(Buffer.alloc(2 * blockSize));
  const packed = gzipSync(Buffer.concat(parts), { level: constants.Z_BEST_COMPRESSION });
  // The tenth byte names the operating system (RFC 1952, 2.3.1): 255 is "unknown".
  packed[9] = 255;
  return packed;
}
