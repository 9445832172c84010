import { type ArchiveReason, refuseArchive } from './refuse-archive.ts';

export const blockSize = 512;

export interface EntryHeader {
  kind: 'file' | 'folder';
  /** As written, not yet judged. */
  path: string;
  size: number;
}

/** Everything but files and folders, with the reason that is given. */
const refusedTypes: Record<string, [ArchiveReason, string]> = {
  1: ['hard_link', 'is a hard link'],
  2: ['symbolic_link', 'is a symbolic link'],
  3: ['device', 'is a character device'],
  4: ['device', 'is a block device'],
  6: ['fifo', 'is a FIFO'],
  7: ['entry_type', 'is a contiguous file'],
  S: ['sparse', 'is a sparse file'],
  x: ['extended_header', 'is a pax extended header, which may change the entry after it'],
  g: ['extended_header', 'is a global pax header, which may change every entry after it'],
  X: ['extended_header', 'is an old extended header'],
  L: ['long_name', 'is a GNU long name, which may change the entry after it'],
  K: ['long_name', 'is a GNU long link name'],
};

/**
 * Reads one header block of a ustar archive (POSIX.1-2017, pax: ustar Interchange Format) and refuses whatever two
 * readers could understand differently.
 * @throws {Failure} install_refused
 */
export function readHeader(block: Buffer): EntryHeader {
  const path = pathOf(block);
  const entry = path;
  if (checksumOf(block) !== octal(block, 148, 8, entry)) {
    throw refuseArchive('header_checksum', 'the checksum of its header is wrong', { entry });
  }
  const type = String.fromCharCode(block[156] ?? 0);
  if (type !== '0' && type !== '\0' && type !== '5') {
    const [reason, what] = refusedTypes[type] ?? (['entry_type', 'is of an unknown type'] as const);
    throw refuseArchive(reason, `it ${what}; only files and folders are taken`, { entry });
  }
  if (block[157] !== 0) throw refuseArchive('link_target', 'a file has no link target', { entry });
  if ((octal(block, 100, 8, entry) & 0o7000) !== 0) {
    throw refuseArchive('special_mode', 'its mode has a setuid, setgid or sticky bit', { entry });
  }
  const size = octal(block, 124, 12, entry);
  const kind = type === '5' ? 'folder' : 'file';
  if (kind === 'folder' && size !== 0) throw refuseArchive('folder_size', 'a folder has no content', { entry });
  if (kind === 'file' && path.endsWith('/')) throw refuseArchive('entry_type', 'a file does not end in "/"', { entry });
  return { kind, path, size };
}

function pathOf(block: Buffer): string {
  const magic = block.toString('latin1', 257, 265);
  if (magic !== 'ustar\x0000' && magic !== 'ustar  \0') {
    throw refuseArchive('header_format', 'it is no ustar archive; "patchbay pack" makes one');
  }
  const name = textAt(block, 0, 100);
  const prefix = textAt(block, 345, 155);
  if (prefix === '') return name;
  // GNU tar keeps other things in the place of the prefix; a reader could take them for a path.
  if (magic === 'ustar  \0') throw refuseArchive('header_format', 'its header has GNU extensions', { entry: name });
  return `${prefix}/${name}`;
}

/** Text up to the first NUL; nothing may stand behind it, and it must be UTF-8. */
function textAt(block: Buffer, from: number, length: number): string {
  const field = block.subarray(from, from + length);
  const end = field.indexOf(0);
  const bytes = end < 0 ? field : field.subarray(0, end);
  if (end >= 0 && field.subarray(end).some((byte) => byte !== 0)) {
    throw refuseArchive('path_encoding', 'there is something behind the end of its name', { entry: bytes.toString() });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuseArchive('path_encoding', 'its name is not UTF-8', { entry: bytes.toString('latin1') });
  }
}

/** Plain octal digits, ended by NUL or space. Base-256 and signs are for sizes that no package has. */
function octal(block: Buffer, from: number, length: number, entry: string): number {
  const match = /^ *([0-7]+)[ \0]*$/.exec(block.toString('latin1', from, from + length));
  if (!match) throw refuseArchive('header_number', 'a number in its header is not plain octal', { entry });
  return Number.parseInt(match[1] ?? '', 8);
}

/** Sum of the bytes with the checksum's own place read as spaces. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < blockSize; i++) if (i < 148 || i >= 156) sum += block[i] ?? 0;
  return sum;
}
