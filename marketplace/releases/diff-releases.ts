import { gt, rcompare } from 'semver';
import type { Permission } from '../../sdk/contract/manifest/permissions.ts';
import { unpack } from '../../sdk/package/index.ts';
import { Release } from '../models/release.ts';
import { findRelease, manifestOf } from './find-release.ts';
import { type DiffLine, lineDiff } from './line-diff.ts';
import { readBundle } from './read-bundle.ts';

export interface FileDiff {
  path: string;
  change: 'added' | 'removed' | 'changed';
  added: number;
  removed: number;
  /** null where lines were left out; empty for a file that is no text */
  lines: (DiffLine | null)[];
}

export interface ReleaseDiff {
  /** the release compared with; null: there is none before it */
  from: string | null;
  permissions: { added: Permission[]; removed: Permission[] };
  files: FileDiff[];
}

/** Lines shown of all files together; a reviewer who needs more takes the packages. */
const mostLines = 4_000;
const isText = (path: string): boolean => /\.(js|json|md|txt|svg)$|^LICENSE$/.test(path);

/**
 * What a release changes: permissions, and file by file the lines.
 *
 * @param from the version to compare with; the next lower one that was not rejected, unless given
 * @param fetch makes sure that the package of a release is stored here
 * @throws Failure `plugin_not_found`
 */
export async function diffReleases(
  fetch: (release: Release) => Promise<void>,
  { name, version, from }: { name: string; version: string; from?: string | undefined },
): Promise<ReleaseDiff> {
  const release = await findRelease(name, version);
  const before = from === undefined ? await releaseBefore(release) : await findRelease(name, from);
  const asked = (one: Release | null): readonly Permission[] => (one ? (manifestOf(one).permissions ?? []) : []);
  const said = (permission: Permission): string => JSON.stringify(permission);
  const old = new Set(asked(before).map(said));
  const now = new Set(asked(release).map(said));
  const [oldFiles, newFiles] = [before ? await filesOf(before, fetch) : new Map(), await filesOf(release, fetch)];
  return {
    from: before?.version ?? null,
    permissions: {
      added: asked(release).filter((one) => !old.has(said(one))),
      removed: asked(before).filter((one) => !now.has(said(one))),
    },
    files: compare(oldFiles, newFiles),
  };
}

async function releaseBefore({ name, version }: Release): Promise<Release | null> {
  const others = await Release.find({ name }, { version: 1, state: 1 }).lean();
  const lower = others
    .filter((one) => one.state !== 'rejected' && gt(version, one.version))
    .map((one) => one.version)
    .sort(rcompare)[0];
  return lower === undefined ? null : findRelease(name, lower);
}

async function filesOf(release: Release, fetch: (release: Release) => Promise<void>): Promise<Map<string, Buffer>> {
  await fetch(release);
  const { bytes } = await readBundle(release.integrity);
  const { files } = await unpack(bytes);
  // As written by `pack` it is one line; what a reviewer compares is its fields.
  const manifest = files.get('plugin.json');
  if (manifest) {
    const { files: _digests, ...shown } = JSON.parse(manifest.toString('utf8'));
    files.set('plugin.json', Buffer.from(JSON.stringify(shown, null, 2)));
  }
  files.delete('signature.json');
  return files;
}

function compare(old: Map<string, Buffer>, now: Map<string, Buffer>): FileDiff[] {
  let left = mostLines;
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path): FileDiff[] => {
    const [before, after] = [old.get(path), now.get(path)];
    if (before && after?.equals(before)) return [];
    const change = before ? (after ? 'changed' : 'removed') : 'added';
    if (!isText(path)) return [{ path, change, added: 0, removed: 0, lines: [] }];
    const { lines, added, removed } = lineDiff(before?.toString('utf8') ?? '', after?.toString('utf8') ?? '');
    const shown = lines.slice(0, left);
    left -= shown.length;
    if (shown.length < lines.length) shown.push(null);
    return [{ path, change, added, removed, lines: shown }];
  });
}
