import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkManifest } from '../contract/check-manifest.ts';
import { Failure } from '../contract/failure.ts';
import type { Manifest } from '../contract/manifest.ts';
import { archiveLimits, isPackagePath, outsideFiles } from './archive-limits.ts';
import { bundle } from './bundle.ts';
import { evaluate } from './evaluate.ts';
import { integrityOf, sha256 } from './integrity.ts';
import { sign } from './sign.ts';
import { toScript } from './to-script.ts';
import { writeArchive } from './write-archive.ts';

export interface Packed {
  /** The `.tgz`. */
  bytes: Buffer;
  /** `sha512-…` of the bytes. */
  digest: string;
  manifest: Manifest;
  /** Content by path, sorted. */
  files: Map<string, Buffer>;
  /** The handlers that the code has: `actions.greet`, … */
  handlers: string[];
}

/**
 * Makes a package of a plugin's folder: `plugin.ts` is bundled into `plugin.js` and its manifest written to
 * `plugin.json`; a hand-written `plugin.json` with `plugin.js` is taken as it is (bundled if it imports). README, licence,
 * icon, screenshots and locales come along; nothing else does. The same input gives the same bytes everywhere.
 *
 * @param options.privateKey signs the package (PKCS #8 PEM)
 * @throws {Failure} validation_failed; `content.errors` says what, where, and how to mend it
 */
export async function pack(folder: string, options: { privateKey?: string } = {}): Promise<Packed> {
  const code = await codeOf(folder);
  const { manifest: exported, handlers } = await evaluate(code.js);
  const manifest = checkedManifest(await manifestOf(folder, exported));
  const files = new Map<string, Buffer>([['plugin.js', Buffer.from(code.js)]]);
  if (code.map !== undefined) files.set('plugin.js.map', Buffer.from(code.map));
  for (const path of await extras(folder)) files.set(path, await readFile(join(folder, path)));
  const listed = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, content]) => [path, sha256(content)]);
  return { ...writePackage({ ...manifest, files: Object.fromEntries(listed) }, files, options), handlers };
}

/**
 * Signs a package that is already packed; the bytes, and so the digest, change with `signature.json`.
 * @param files of an unpacked package
 * @throws {Failure} validation_failed when the key is no Ed25519 key
 */
export function writePackage(
  manifest: Manifest,
  files: ReadonlyMap<string, Buffer>,
  { privateKey }: { privateKey?: string } = {},
): Omit<Packed, 'handlers'> {
  const all = new Map(files);
  all.set('plugin.json', jsonFile(manifest));
  if (privateKey) all.set('signature.json', jsonFile(sign(manifest, privateKey)));
  const bytes = writeArchive(all);
  if (bytes.length > archiveLimits.packed) {
    const message = `The package has ${bytes.length} bytes, at most ${archiveLimits.packed} are taken; make the images smaller`;
    throw new Failure('validation_failed', { message });
  }
  const sorted = new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { bytes, digest: integrityOf(bytes), manifest, files: sorted };
}

async function codeOf(folder: string): Promise<{ js: string; map?: string }> {
  if (existsSync(join(folder, 'plugin.ts'))) {
    const { code, map } = await bundle(folder, 'plugin.ts');
    return { js: code, map };
  }
  const path = join(folder, 'plugin.js');
  if (!existsSync(path)) {
    const message = `There is neither plugin.ts nor plugin.js in ${folder}; "patchbay init" makes a plugin`;
    throw new Failure('validation_failed', { message });
  }
  const js = await readFile(path, 'utf8');
  if (/^\s*(import|export)\b[^;]*\bfrom\s*['"]|^\s*import\s*['"]/m.test(js)) {
    const { code, map } = await bundle(folder, 'plugin.js');
    return { js: code, map };
  }
  await toScript(js);
  return { js };
}

/** What stands beside a plugin without a line of TypeScript counts; else what the code exports. */
async function manifestOf(folder: string, exported: unknown): Promise<unknown> {
  const path = join(folder, 'plugin.json');
  if (existsSync(join(folder, 'plugin.ts')) || !existsSync(path)) return exported;
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('validation_failed', { message: `plugin.json is not JSON: ${reason}`, cause });
  }
}

function checkedManifest(value: unknown): Manifest {
  const { files: _files, ...rest } = Object(value);
  const checked = checkManifest(value === undefined || value === null ? value : rest);
  if (checked.ok) return checked.manifest;
  const more = checked.errors.length > 1 ? ` (and ${checked.errors.length - 1} more)` : '';
  const message = `The manifest is not valid: ${checked.errors[0]?.message}${more}`;
  throw new Failure('validation_failed', { message, content: { errors: checked.errors } });
}

/** Files that come along as they are. */
async function extras(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const below = await Promise.all(
    ['screenshots', 'locales']
      .filter((name) => names.includes(name))
      .map(async (name) => (await readdir(join(folder, name))).map((file) => `${name}/${file}`)),
  );
  const made = [...outsideFiles, 'plugin.js', 'plugin.js.map'];
  return [...names, ...below.flat()].filter((path) => isPackagePath(path) && !made.includes(path)).sort();
}

function jsonFile(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
