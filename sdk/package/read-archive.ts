import { archiveLimits } from './archive-limits.ts';
import { gunzip } from './gunzip.ts';
import { judgePath } from './judge-path.ts';
import { blockSize, type EntryHeader, readHeader } from './read-header.ts';
import { refuseArchive } from './refuse-archive.ts';

/** GNU tar fills its last record up to this many blocks. */
const recordBlocks = 20;

/**
 * Reads a gzipped tar from a stranger: files and folders only, each path judged, nothing behind the end. Memory is
 * bounded by the limits whatever the archive claims.
 *
 * @returns the files by path, in the archive's order
 * @throws {Failure} install_refused with `content.reason`
 */
export async function readArchive(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const names = new Names();
  const reader = new Reader(gunzip(bytes));
  try {
    for (let entries = 0; ; entries++) {
      const block = await reader.read(blockSize);
      if (block === undefined) throw refuseArchive('no_end', 'its end is missing');
      if (isZero(block)) break;
      if (entries === archiveLimits.entries) {
        throw refuseArchive('too_many_entries', `it has more than ${archiveLimits.entries} entries`);
      }
      const header = readHeader(block);
      const path = judgePath(header.path, header.kind);
      names.add(path, header.kind);
      const content = await contentOf(reader, header);
      if (header.kind === 'file') files.set(path, content);
    }
    await readEnd(reader);
    return files;
  } finally {
    await reader.close();
  }
}

async function contentOf(reader: Reader, { size, path }: EntryHeader): Promise<Buffer> {
  if (size > archiveLimits.unpacked) {
    throw refuseArchive('unpacked_too_large', `its header claims ${size} bytes`, { entry: path });
  }
  const content = await reader.read(size);
  const padding = await reader.read((blockSize - (size % blockSize)) % blockSize);
  if (content === undefined || padding === undefined)
    throw refuseArchive('truncated', 'it is cut off', { entry: path });
  if (!isZero(padding)) throw refuseArchive('padding', 'something is hidden behind its content', { entry: path });
  return content;
}

/** A second block of zeros ends the archive; only the filling of its last record may follow. */
async function readEnd(reader: Reader): Promise<void> {
  const second = await reader.read(blockSize);
  if (second === undefined) throw refuseArchive('no_end', 'its end is only half there');
  if (!isZero(second)) throw refuseArchive('trailing_data', 'an entry follows a block of zeros');
  for (let blocks = 0; ; blocks++) {
    const block = await reader.read(blockSize);
    if (block === undefined) break;
    if (blocks >= recordBlocks || !isZero(block)) throw refuseArchive('trailing_data', 'data follows its end');
  }
  if (reader.rest > 0) throw refuseArchive('trailing_data', 'data follows its end');
}

/** The names so far; two that a file system could take for one are refused. */
class Names {
  readonly #known = new Map<string, { path: string; kind: 'file' | 'folder'; written: boolean }>();

  add(path: string, kind: 'file' | 'folder'): void {
    if (path === '') return;
    for (let above = parent(path); above !== ''; above = parent(above)) this.#addOne(above, 'folder', false);
    this.#addOne(path, kind, true);
  }

  /** A folder above a file is known before, or without, an entry of its own: then it is not `written`. */
  #addOne(path: string, kind: 'file' | 'folder', written: boolean): void {
    const known = this.#known.get(fold(path));
    if (!known) {
      this.#known.set(fold(path), { path, kind, written });
      return;
    }
    const entry = path;
    if (known.path !== path) {
      throw refuseArchive('case_collision', `it differs from ${known.path} only in case or in how it is encoded`, {
        entry,
      });
    }
    if (known.kind !== kind) throw refuseArchive('file_and_folder', 'it is a file and a folder', { entry });
    if (known.written && written) throw refuseArchive('duplicate', 'it is there twice', { entry });
    known.written ||= written;
  }
}

function fold(path: string): string {
  return path.normalize('NFKC').toLowerCase();
}

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function isZero(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

/** Takes exact pieces out of a stream of chunks. */
class Reader {
  readonly #chunks: AsyncGenerator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncGenerator<Buffer>) {
    this.#chunks = chunks;
  }

  /** Bytes that are left when fewer than asked for came. */
  get rest(): number {
    return this.#buffer.length;
  }

  /** Exactly `length` bytes, or `undefined` when the stream ends before. */
  async read(length: number): Promise<Buffer | undefined> {
    const parts = [this.#buffer];
    let size = this.#buffer.length;
    while (size < length) {
      const next = await this.#chunks.next();
      if (next.done) break;
      parts.push(next.value);
      size += next.value.length;
    }
    const all = parts.length === 1 ? this.#buffer : Buffer.concat(parts);
    if (size < length) {
      this.#buffer = all;
      return undefined;
    }
    this.#buffer = all.subarray(length);
    return all.subarray(0, length);
  }

  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }
}
