import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import canonicalize from 'canonicalize';
import { checkPackage } from '../../sdk/check/check-package.ts';
import { readable as readableBytes } from '../../sdk/check/finding.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import type { Problem } from '../../sdk/contract/problem.ts';
import { integrityOf } from '../../sdk/package/integrity.ts';
import { manifestDigest, type Signature } from '../../sdk/package/sign.ts';
import { toScriptWithMap } from '../../sdk/package/to-script.ts';
import { type Unpacked, unpack } from '../../sdk/package/unpack.ts';
import type { Bundle } from '../models/bundle.ts';
import type { Finding } from '../models/release.ts';
import type { Parts } from '../parts.ts';

const zip = promisify(gzip);
const readable = { readme: 'README.md', changelog: 'CHANGELOG.md' } as const;

/** A package that passed every check that needs no publisher: what is stored of it. */
export interface Intake {
  manifest: Manifest;
  manifest_text: string;
  digest: string;
  bundle: Bundle;
  size: number;
  script_size: number;
  handlers: string[];
  findings: Finding[];
  readme: string | null;
  changelog: string | null;
  icon: string | null;
  screenshots: string[];
  /** what `signature.json` holds */
  signature: Signature | null;
}

/**
 * Takes packed bytes from a stranger apart and checks them: the archive, the manifest, the module (turned into one
 * script), a trial load that must find the manifest's handlers, and the static review. Stores nothing.
 *
 * @param previous answers the manifest of the latest release of a name, for the differences
 * @throws Failure `install_refused` with `content.reason` and what was found; `service_unavailable` when the trial
 *   load cannot be made (nothing is published unchecked)
 */
export async function intake(
  parts: Parts,
  bytes: Buffer,
  previous: (name: string) => Promise<Manifest | undefined>,
): Promise<Intake> {
  const { manifest, files, integrity, signature } = await opened(bytes);
  const map = files.get('plugin.js.map');
  const { script, source_map } = await scriptOf(files.get('plugin.js')?.toString('utf8') ?? '', map);
  const inspection = await parts.load({ name: manifest.name, version: manifest.version, script });
  mustBeSame(manifest, inspection.manifest);
  const findings = await checkPackage({
    manifest,
    files,
    previous: await previous(manifest.name),
    handlers: inspection.handlers,
  });
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const first = errors.map(({ file, message }) => `${file}: ${message}`).slice(0, 3);
    throw new Failure('install_refused', {
      message: `The review of ${manifest.name}@${manifest.version} found ${errors.length} error${errors.length === 1 ? '' : 's'}: ${first.join('; ')}`,
      content: { reason: 'review', findings },
    });
  }
  return {
    manifest,
    manifest_text: JSON.stringify(manifest),
    digest: manifestDigest(manifest),
    bundle: {
      _id: integrity,
      bytes,
      script: await zip(script),
      script_digest: integrityOf(Buffer.from(script)),
      source_map: await zip(source_map),
      created_at: new Date(parts.clock()),
    },
    size: bytes.length,
    script_size: Buffer.byteLength(script),
    handlers: inspection.handlers,
    findings,
    readme: textOf(files, readable.readme),
    changelog: textOf(files, readable.changelog),
    icon: iconOf(files),
    screenshots: [...files.keys()].filter((path) => path.startsWith('screenshots/')).sort(),
    signature: signature ?? null,
  };
}

/**
 * The one script that isolates run, made of a package's module, and the map from it to the author's files.
 *
 * @param map the package's own `plugin.js.map`; one that is too large is not read
 * @throws Failure `install_refused`, reason `module`
 */
export async function scriptOf(
  module: string,
  map?: Uint8Array | string,
): Promise<{ script: string; source_map: string }> {
  try {
    const isRead = map !== undefined && map.length <= readableBytes.map;
    return await toScriptWithMap(module, isRead ? map : undefined);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { errors = [] } = error.content as {
      errors?: { file: string; line?: number; message: string; fix: string }[];
    };
    const findings = errors.map(({ file, line, message, fix }) => ({
      ...{ rule: 'module', severity: 'error', file, message, fix },
      ...(line !== undefined && { line }),
    }));
    throw refused('module', error.message, { findings });
  }
}

/** A refusal of F42306, with a stable word for what exactly was wrong. */
export function refused(reason: string, message: string, content: object = {}): Failure {
  return new Failure('install_refused', { message, content: { reason, ...content } });
}

/** Opens the archive; what the SDK tells of a bad manifest is put as answers tell it. */
async function opened(bytes: Buffer): Promise<Unpacked> {
  try {
    return await unpack(bytes);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { reason = 'archive', errors } = error.content as { reason?: string; errors?: Problem[] };
    if (errors) throw manifestRefusal(errors);
    throw refused(reason, error.message);
  }
}

/** The refusal of a manifest, with every mistake in it. */
export function manifestRefusal(problems: readonly Problem[]): Failure {
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return refused('manifest', `The manifest is not valid: ${problems[0]?.message ?? ''}${more}`, {
    errors: problems.map(({ pointer, message, rule, seen }) => ({ pointer, message, keyword: rule, params: { seen } })),
  });
}

/** What the code says of itself must be what was signed: else the page would show one plugin and run another. */
export function mustBeSame(signed: Manifest, inside: unknown): void {
  if (typeof inside !== 'object' || inside === null) {
    throw refused('no_export', 'plugin.js has no default export made by definePlugin');
  }
  const { files: _, ...packed } = signed;
  const { files: __, ...loaded } = inside as Record<string, unknown>;
  if (canonicalize(packed) !== canonicalize(loaded)) {
    const field = Object.keys({ ...packed, ...loaded }).find(
      (key) => canonicalize({ v: packed[key as keyof typeof packed] }) !== canonicalize({ v: loaded[key] }),
    );
    throw refused(
      'manifest_differs',
      `plugin.json and the manifest inside plugin.js differ in "${field}"; pack again with \`patchbay pack\``,
    );
  }
}

function textOf(files: ReadonlyMap<string, Buffer>, path: string): string | null {
  return files.get(path)?.toString('utf8').slice(0, 200_000) ?? null;
}

function iconOf(files: ReadonlyMap<string, Buffer>): string | null {
  for (const [path, type] of [
    ['icon.svg', 'image/svg+xml'],
    ['icon.png', 'image/png'],
  ] as const) {
    const file = files.get(path);
    if (file && file.length <= 64_000) return `data:${type};base64,${file.toString('base64')}`;
  }
  return null;
}
