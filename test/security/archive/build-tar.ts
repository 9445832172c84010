import { gzipSync } from 'node:zlib';
import { sha256 } from '../../../sdk/package/index.ts';

/** One entry, with everything that an attacker may write into its header. */
export interface Entry {
  path?: string;
  /** Raw bytes of the name field, instead of `path`. */
  name?: Buffer;
  prefix?: string;
  content?: Buffer | string;
  type?: string;
  size?: string | Buffer;
  mode?: string;
  link?: string;
  magic?: string;
  checksum?: string;
  padding?: number;
}

const code = 'export default { handlers: {} };\n';
const manifestOf = (files: Record<string, string>) =>
  JSON.stringify({
    manifest_version: 1,
    name: '@acme/demo',
    version: '1.0.0',
    files: Object.fromEntries(Object.entries(files).map(([path, content]) => [path, sha256(content)])),
  });

export const pluginJs: Entry = { path: 'plugin.js', content: code };
export const pluginJson: Entry = { path: 'plugin.json', content: manifestOf({ 'plugin.js': code }) };
/** `plugin.json` that lists these files beside `plugin.js`. */
export const listing = (files: Record<string, string>): Entry => ({
  path: 'plugin.json',
  content: manifestOf({ 'plugin.js': code, ...files }),
});
export const good: Entry[] = [pluginJs, pluginJson];
export const end = Buffer.alloc(1_024);

/** The blocks of one entry. */
export function block(entry: Entry): Buffer {
  const content = Buffer.from(entry.content ?? '');
  const header = Buffer.alloc(512);
  (entry.name ?? Buffer.from(entry.path ?? 'README.md')).copy(header, 0, 0, 100);
  header.write(entry.mode ?? '0000644\0', 100, 'latin1');
  header.write('0000000\0', 108, 'latin1');
  header.write('0000000\0', 116, 'latin1');
  const size = entry.size ?? `${content.length.toString(8).padStart(11, '0')}\0`;
  (typeof size === 'string' ? Buffer.from(size, 'latin1') : size).copy(header, 124);
  header.write('00000000000\0', 136, 'latin1');
  header.write(entry.type ?? '0', 156, 'latin1');
  header.write(entry.link ?? '', 157, 'latin1');
  header.write(entry.magic ?? 'ustar\x0000', 257, 'latin1');
  header.write(entry.prefix ?? '', 345, 'utf8');
  header.write('        ', 148, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(entry.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512, entry.padding ?? 0);
  return Buffer.concat([header, content, padding]);
}

export const tar = (entries: Entry[], tail: Buffer = end) => Buffer.concat([...entries.map(block), tail]);
export const tgz = (entries: Entry[], tail?: Buffer) => gzipSync(tar(entries, tail));
