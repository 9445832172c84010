import { deflateSync, gzipSync } from 'node:zlib';
import type { ArchiveReason } from '../../../sdk/package/index.ts';
import { block, type Entry, end, good, listing, pluginJs, pluginJson, tar, tgz } from './build-tar.ts';

const file = (more: Entry): Entry => ({ content: 'x', ...more });
const after = (...more: Entry[]) => tgz([...good, ...more]);
const flags = (value: number, more: Buffer = Buffer.alloc(0)) => {
  const packed = tgz(good);
  packed[3] = value;
  return Buffer.concat([packed.subarray(0, 10), more, packed.subarray(10)]);
};
const changed = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
};
const json = (content: string | Buffer): Buffer => tgz([pluginJs, { path: 'plugin.json', content }]);

/** What an archive does, the reason that names it, and how it is made. */
export const hostile: [string, ArchiveReason, () => Buffer][] = [
  // The compressed stream
  ['what is no gzip at all', 'not_gzip', () => Buffer.from('PK\x03\x04 this is a zip, not a gzip')],
  ['an empty file', 'not_gzip', () => Buffer.alloc(0)],
  ['a zlib stream without the gzip header', 'not_gzip', () => deflateSync(tar(good))],
  ['an uncompressed tar', 'not_gzip', () => tar(good)],
  ['a stream that is cut off', 'gzip_broken', () => tgz(good).subarray(0, -40)],
  ['a stream without its trailer', 'gzip_broken', () => tgz(good).subarray(0, -8)],
  [
    'a stream with a broken block',
    'gzip_broken',
    () => Buffer.concat([tgz(good).subarray(0, 10), Buffer.alloc(200, 0xff)]),
  ],
  ['a wrong checksum', 'gzip_checksum', () => changed(tgz(good), tgz(good).length - 6)],
  ['a wrong length in the trailer', 'gzip_checksum', () => changed(tgz(good), tgz(good).length - 1)],
  ['bytes behind the compressed data', 'gzip_trailing', () => Buffer.concat([tgz(good), Buffer.from('#!/bin/sh')])],
  ['zeros behind the compressed data', 'gzip_trailing', () => Buffer.concat([tgz(good), Buffer.alloc(64)])],
  ['a second archive behind the first', 'gzip_trailing', () => Buffer.concat([tgz(good), tgz(good)])],
  ['an extra field in the gzip header', 'gzip_flags', () => flags(4, Buffer.from([1, 0, 65]))],
  ['a comment in the gzip header', 'gzip_flags', () => flags(16, Buffer.from('hi\0'))],
  ['a file name in the gzip header that never ends', 'gzip_flags', () => flags(8, Buffer.alloc(400, 65))],
  ['more bytes than a package may have', 'too_large', () => Buffer.concat([tgz(good), Buffer.alloc(10 * 1_048_576)])],
  // The archive's structure
  ['no end at all', 'no_end', () => tgz(good, Buffer.alloc(0))],
  ['half of an end', 'no_end', () => tgz(good, Buffer.alloc(512))],
  [
    'an entry behind one block of zeros',
    'trailing_data',
    () => gzipSync(Buffer.concat([tar(good, Buffer.alloc(512)), block(file({})), end])),
  ],
  [
    'an empty entry behind one block of zeros',
    'trailing_data',
    () => gzipSync(Buffer.concat([tar(good, Buffer.alloc(512)), block({ path: 'README.md' }), end])),
  ],
  ['an entry behind the end', 'trailing_data', () => gzipSync(Buffer.concat([tar(good), block(file({})), end]))],
  ['megabytes of zeros behind the end', 'trailing_data', () => tgz(good, Buffer.alloc(33 * 1_048_576))],
  ['half a block behind the end', 'trailing_data', () => tgz(good, Buffer.alloc(1_024 + 100))],
  [
    'content that is cut off',
    'truncated',
    () => gzipSync(Buffer.concat([tar(good, Buffer.alloc(0)), block(file({})).subarray(0, 512)])),
  ],
  ['a size beyond the archive', 'truncated', () => after(file({ size: '00000777777\0' }))],
  ['a size beyond every limit', 'unpacked_too_large', () => after(file({ size: '77777777777\0' }))],
  [
    'a size in base 256',
    'header_number',
    () => after(file({ size: Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) })),
  ],
  ['a negative size', 'header_number', () => after(file({ size: '-0000000001\0' }))],
  ['a size with letters', 'header_number', () => after(file({ size: '0000000zz01\0' }))],
  ['a wrong header checksum', 'header_checksum', () => after(file({ checksum: '000001\0 ' }))],
  ['a header of an older tar', 'header_format', () => after(file({ magic: '\0\0\0\0\0\0\0\0' }))],
  [
    'GNU extensions in the place of the prefix',
    'header_format',
    () => after(file({ magic: 'ustar  \0', prefix: '00001' })),
  ],
  ['data hidden in the padding', 'padding', () => after(file({ padding: 65 }))],
  [
    'more entries than allowed',
    'too_many_entries',
    () => after(...Array.from({ length: 1_001 }, (_, i) => ({ path: `screenshots/${i}.png` }))),
  ],
  // Kinds of entries
  ['a hard link', 'hard_link', () => after(file({ type: '1', link: '/etc/passwd' }))],
  ['a symbolic link', 'symbolic_link', () => after(file({ type: '2', link: '../../etc' }))],
  ['a character device', 'device', () => after(file({ type: '3' }))],
  ['a block device', 'device', () => after(file({ type: '4' }))],
  ['a FIFO', 'fifo', () => after(file({ type: '6' }))],
  ['a contiguous file', 'entry_type', () => after(file({ type: '7' }))],
  ['a sparse file', 'sparse', () => after(file({ type: 'S' }))],
  [
    'a pax header that renames the next entry',
    'extended_header',
    () => tgz([{ path: 'h', type: 'x', content: '20 path=../../evil\n' }, ...good]),
  ],
  [
    'a global pax header',
    'extended_header',
    () => tgz([{ path: 'h', type: 'g', content: '16 size=000000\n' }, ...good]),
  ],
  ['an old extended header', 'extended_header', () => after(file({ type: 'X' }))],
  ['a GNU long name', 'long_name', () => tgz([{ path: '././@LongLink', type: 'L', content: '../../evil\0' }, ...good])],
  [
    'a GNU long link name',
    'long_name',
    () => tgz([{ path: '././@LongLink', type: 'K', content: '/etc/passwd\0' }, ...good]),
  ],
  ['a multi-volume entry', 'entry_type', () => after(file({ type: 'M' }))],
  ['a volume label', 'entry_type', () => after(file({ type: 'V' }))],
  ['a type that does not exist', 'entry_type', () => after(file({ type: '\x7f' }))],
  ['a plain file with a link target', 'link_target', () => after(file({ link: '/etc/passwd' }))],
  ['a folder with content', 'folder_size', () => after(file({ path: 'locales/', type: '5' }))],
  ['a file named like a folder', 'entry_type', () => after(file({ path: 'locales/' }))],
  ['a setuid file', 'special_mode', () => after(file({ mode: '0004755\0' }))],
  ['a sticky folder', 'special_mode', () => after({ path: 'locales/', type: '5', mode: '0001777\0' })],
  // Paths
  ['a path that leads upwards', 'path_traversal', () => after(file({ path: '../README.md' }))],
  ['a path that leads upwards in its middle', 'path_traversal', () => after(file({ path: 'locales/../../x' }))],
  ['a folder that leads upwards', 'path_traversal', () => after({ path: '../', type: '5' })],
  [
    'a path that leads upwards through the prefix',
    'path_traversal',
    () => after(file({ path: 'README.md', prefix: '..' })),
  ],
  ['an absolute path', 'path_absolute', () => after(file({ path: '/etc/passwd' }))],
  ['an absolute path through the prefix', 'path_absolute', () => after(file({ path: 'passwd', prefix: '/etc' }))],
  ['a drive letter', 'path_absolute', () => after(file({ path: 'C:evil.md' }))],
  ['a backslash', 'path_backslash', () => after(file({ path: 'locales\\..\\x' }))],
  ['a UNC path', 'path_backslash', () => after(file({ path: '\\\\host\\share' }))],
  ['a control character in a name', 'path_character', () => after(file({ path: 'READ\x1b[2JME.md' }))],
  ['a line break in a name', 'path_character', () => after(file({ path: 'README.md\nplugin.js' }))],
  ['text that turns its direction in a name', 'path_character', () => after(file({ path: 'README\u202edm.exe' }))],
  ['an invisible character in a name', 'path_character', () => after(file({ path: 'plugin\u200b.js' }))],
  ['an alternate data stream', 'path_character', () => after(file({ path: 'README.md::$DATA' }))],
  ['a name behind the end of a name', 'path_encoding', () => after(file({ name: Buffer.from('README.md\0.exe') }))],
  ['a name that is not UTF-8', 'path_encoding', () => after(file({ name: Buffer.from([0x52, 0xff, 0xfe]) }))],
  ['an empty name', 'path_empty', () => after(file({ name: Buffer.alloc(1) }))],
  ['a path with an empty part', 'path_empty', () => after(file({ path: 'locales//en.json' }))],
  ['a name that Windows gives to a device', 'path_reserved', () => after(file({ path: 'screenshots/aux.png' }))],
  ['a name that ends in a dot', 'path_reserved', () => after(file({ path: 'README.md.' }))],
  ['a path that is too long', 'path_long', () => after(file({ path: 'a'.repeat(99), prefix: 'b'.repeat(50) }))],
  ['a file that no package has', 'path_unknown', () => after(file({ path: 'install.sh' }))],
  ['native code', 'path_unknown', () => after(file({ path: 'addon.node' }))],
  ['a file twice', 'duplicate', () => after(pluginJs)],
  ['a file twice, once with ./ before it', 'duplicate', () => after({ ...pluginJs, path: './plugin.js' })],
  [
    'two files that differ only in case',
    'case_collision',
    () => tgz([...good, file({ path: 'locales/en-US.json' }), file({ path: 'locales/en-us.json' })]),
  ],
  [
    'folders that differ only in case',
    'case_collision',
    () => tgz([...good, { path: 'locales/', type: '5' }, { path: 'LOCALES/', type: '5' }]),
  ],
  [
    'a path that is a file and a folder',
    'file_and_folder',
    () => after({ path: 'README.md/', type: '5' }, file({ path: 'README.md' })),
  ],
  // Content
  ['no manifest', 'manifest_missing', () => tgz([pluginJs])],
  ['a manifest that is no JSON', 'manifest_json', () => json('{"name": ')],
  ['a manifest that is not UTF-8', 'manifest_json', () => json(Buffer.from([0x7b, 0xff, 0x7d]))],
  ['a manifest that is a list', 'manifest_invalid', () => json('[]')],
  ['a manifest of somebody else', 'manifest_invalid', () => json('{"entry":"main.py","dependencies":[]}')],
  ['a manifest with a million brackets', 'manifest_json', () => json('['.repeat(1_000_000))],
  [
    'no code',
    'code_missing',
    () => tgz([{ path: 'plugin.json', content: '{"manifest_version":1,"name":"@a/b","version":"1.0.0"}' }]),
  ],
  ['a file that the manifest does not list', 'file_unlisted', () => after(file({ path: 'README.md' }))],
  ['a listed file that is missing', 'file_missing', () => tgz([pluginJs, listing({ 'README.md': 'x' })])],
  [
    'a file other than the listed one',
    'file_digest',
    () => tgz([{ ...pluginJs, content: 'export default 666' }, pluginJson]),
  ],
  [
    'a signature that is none',
    'signature_json',
    () => after({ path: 'signature.json', content: '{"key_id":"x","signature":""}' }),
  ],
  [
    'a signature with more in it',
    'signature_json',
    () =>
      after({
        path: 'signature.json',
        content: JSON.stringify({ key_id: '0'.repeat(16), signature: `${'A'.repeat(86)}==`, x: 1 }),
      }),
  ],
];
