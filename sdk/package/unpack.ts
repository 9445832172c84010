import { checkManifest } from '../contract/check-manifest.ts';
import type { Manifest } from '../contract/manifest.ts';
import { outsideFiles } from './archive-limits.ts';
import { integrityOf, sha256 } from './integrity.ts';
import { readArchive } from './read-archive.ts';
import { refuseArchive } from './refuse-archive.ts';
import type { Signature } from './sign.ts';

export interface Unpacked {
  manifest: Manifest;
  /** Content by path. */
  files: Map<string, Buffer>;
  /** `sha512-…` of the archive as it came. */
  integrity: string;
  signature?: Signature;
}

/**
 * Opens a package from a stranger. What it answers is safe to store and to show: paths, sizes and kinds were judged, the
 * manifest is valid, and each file is the one that the manifest lists.
 *
 * @param bytes the `.tgz`
 * @throws {Failure} install_refused; `content.reason` is an `ArchiveReason`, `content.errors` the manifest's problems
 */
export async function unpack(bytes: Uint8Array): Promise<Unpacked> {
  const files = await readArchive(bytes);
  const manifest = manifestOf(files);
  if (!files.has('plugin.js')) throw refuseArchive('code_missing', 'plugin.js is missing');
  checkFiles(manifest, files);
  const signature = signatureOf(files);
  return { manifest, files, integrity: integrityOf(bytes), ...(signature ? { signature } : {}) };
}

function manifestOf(files: Map<string, Buffer>): Manifest {
  const source = files.get('plugin.json');
  if (!source) throw refuseArchive('manifest_missing', 'plugin.json is missing');
  const checked = checkManifest(jsonOf(source, 'plugin.json', 'manifest_json'));
  if (checked.ok) return checked.manifest;
  const [first] = checked.errors;
  throw refuseArchive('manifest_invalid', first?.message ?? 'it is not valid', {
    entry: 'plugin.json',
    errors: checked.errors,
  });
}

function checkFiles({ files: listed = {} }: Manifest, files: Map<string, Buffer>): void {
  for (const [path, content] of files) {
    if (outsideFiles.includes(path)) continue;
    if (!Object.hasOwn(listed, path)) {
      throw refuseArchive('file_unlisted', 'it is not in "files" of plugin.json; "patchbay pack" writes them', {
        entry: path,
      });
    }
    if (listed[path] !== sha256(content)) {
      throw refuseArchive('file_digest', 'it is not the file whose sha256 plugin.json lists', { entry: path });
    }
  }
  const missing = Object.keys(listed).find((path) => !files.has(path) || outsideFiles.includes(path));
  if (missing !== undefined) {
    throw refuseArchive('file_missing', 'plugin.json lists it, but it is not in the package', { entry: missing });
  }
}

function signatureOf(files: Map<string, Buffer>): Signature | undefined {
  const source = files.get('signature.json');
  if (!source) return undefined;
  const value = jsonOf(source, 'signature.json', 'signature_json');
  if (typeof value === 'object' && value !== null && 'key_id' in value && 'signature' in value) {
    const { key_id, signature, ...rest } = value;
    const plain = typeof key_id === 'string' && typeof signature === 'string' && Object.keys(rest).length === 0;
    if (plain && /^[0-9a-f]{16}$/.test(key_id) && /^[A-Za-z0-9+/]{86}==$/.test(signature)) return { key_id, signature };
  }
  const message = 'must be {"key_id": 16 hex digits, "signature": base64 of 64 bytes}';
  throw refuseArchive('signature_json', message, { entry: 'signature.json' });
}

function jsonOf(source: Buffer, entry: string, reason: 'manifest_json' | 'signature_json'): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'not UTF-8';
    throw refuseArchive(reason, `it is not JSON: ${why.slice(0, 120)}`, { entry, cause: error });
  }
}
