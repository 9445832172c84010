import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { textFiles } from '../check/finding.ts';
import { undeclaredUse } from '../check/permission-use.ts';
import type { PermissionName } from '../contract/manifest/permissions.ts';
import type { Manifest } from '../contract/manifest.ts';
import { type Packed, pack } from '../package/index.ts';

/** A permission as it is written into a manifest; the reason is for the author to better. */
interface Declared {
  name: PermissionName;
  hosts?: string[];
  max_bytes?: number;
  reason: string;
}

const reasons: Partial<Record<PermissionName, string>> = {
  network: 'To call the service for you',
  storage: 'To remember where it stopped',
  'events:emit': 'To tell you what happened',
  schedule: 'To do a part of the work later',
  'records:read': 'To read what was synced',
  files: 'To read and keep files',
};

/**
 * Writes into the manifest what the code uses and the manifest does not ask for: `plugin.json`, or the literal in
 * `plugin.ts` or beside it. A change that does not make the manifest say so is taken back.
 *
 * @returns what was declared, a line each, and what could not be
 */
export async function declareUsed(folder: string): Promise<{ declared: string[]; left: string[] }> {
  const packed = await pack(folder);
  const { permissions, hosts } = undeclaredUse(packed.manifest, textFiles(packed.files));
  const declared: string[] = [];
  const left: string[] = [];
  for (const name of permissions) {
    const permission = permissionFor(name, hosts, packed.manifest);
    const isDone =
      permission !== undefined &&
      (await changed(
        folder,
        (text) => withPermission(text, permission),
        ({ manifest }) => asksFor(manifest, name),
      ));
    if (isDone)
      declared.push(`${name}${permission?.hosts ? ` to ${permission.hosts.join(', ')}` : ''}: ${permission?.reason}`);
    else
      left.push(
        permission
          ? `${name}: no place for it was found in the manifest`
          : `${name}: no address is written out in the code; name its hosts`,
      );
  }
  if (permissions.includes('network')) return { declared, left };
  for (const host of hosts) {
    const isDone = await changed(
      folder,
      (text) => withHost(text, host),
      ({ manifest }) => reaches(manifest, host),
    );
    if (isDone) declared.push(`network to ${host}`);
    else left.push(`network to ${host}: no "hosts" was found in the manifest`);
  }
  return { declared, left };
}

function permissionFor(name: PermissionName, hosts: string[], { auth = [] }: Manifest): Declared | undefined {
  const reason = reasons[name] ?? 'Say here what for';
  if (name === 'files') return { name, max_bytes: 10_485_760, reason };
  if (name !== 'network') return { name, reason };
  const all = [...new Set([...hosts, ...auth.flatMap((one) => one.hosts)])];
  return all.length > 0 ? { name, hosts: all, reason } : undefined;
}

/** Tries the change in each file that may hold the manifest, and keeps the first that works. */
async function changed(
  folder: string,
  change: (text: string) => string | undefined,
  isRight: (packed: Packed) => boolean,
): Promise<boolean> {
  for (const path of await manifestFiles(folder)) {
    const before = await readFile(path, 'utf8');
    const after = change(before);
    if (after === undefined) continue;
    await writeFile(path, after);
    const isKept = await pack(folder).then(isRight, () => false);
    if (isKept) return true;
    await writeFile(path, before);
  }
  return false;
}

/** `plugin.json` where that is the manifest, else the author's own sources. */
async function manifestFiles(folder: string): Promise<string[]> {
  const json = join(folder, 'plugin.json');
  if (!existsSync(join(folder, 'plugin.ts')) && existsSync(json)) return [json];
  const { files } = await pack(folder);
  const map: { sources?: string[] } = JSON.parse(
    files.get('plugin.js.map')?.toString('utf8') ?? '{"sources":["plugin.js"]}',
  );
  return (map.sources ?? [])
    .filter((source) => !/^(\.\.|@|.*node_modules\/)/.test(source))
    .map((source) => join(folder, source))
    .filter((path) => existsSync(path))
    .sort((a, b) => Number(/plugin\.[jt]s$/.test(b)) - Number(/plugin\.[jt]s$/.test(a)));
}

/** The text with one more permission: in its list, or in a list of its own after the version. */
function withPermission(text: string, permission: Declared): string | undefined {
  const isJson = text.trimStart().startsWith('{');
  const entry = isJson ? JSON.stringify(permission) : literal(permission);
  const list = /(["']?)permissions\1\s*:\s*\[/.exec(text);
  if (list) {
    const at = list.index + list[0].length;
    const isEmpty = /^\s*\]/.test(text.slice(at));
    return `${text.slice(0, at)}${entry}${isEmpty ? '' : ', '}${text.slice(at)}`;
  }
  const version = /(^[ \t]*|[{,][ \t]*)(["']?)version\2\s*:\s*(["'`])[^"'`]*\3/m.exec(text);
  if (!version) return undefined;
  const end = version.index + version[0].length;
  const before = version[1] ?? '';
  const gap = /^[ \t]*$/.test(before) ? `\n${before}` : ' ';
  const name = isJson ? '"permissions"' : 'permissions';
  return `${text.slice(0, end)},${gap}${name}: [${entry}]${text.slice(end)}`;
}

/** The text with one more host in the hosts of its network permission. */
function withHost(text: string, host: string): string | undefined {
  const network = /(["']?)name\1\s*:\s*["']network["']/.exec(text);
  const from = network ? network.index : -1;
  const hosts = from < 0 ? null : /(["']?)hosts\1\s*:\s*\[/.exec(text.slice(from));
  if (!hosts) return undefined;
  const at = from + hosts.index + hosts[0].length;
  const isEmpty = /^\s*\]/.test(text.slice(at));
  const quoted = text.trimStart().startsWith('{') ? JSON.stringify(host) : `'${host}'`;
  return `${text.slice(0, at)}${quoted}${isEmpty ? '' : ', '}${text.slice(at)}`;
}

/** As code is written: unquoted names, single quotes. */
function literal(permission: Declared): string {
  const fields = Object.entries(permission).map(([name, value]) => {
    const text = Array.isArray(value)
      ? `[${value.map((one) => `'${one}'`).join(', ')}]`
      : typeof value === 'string'
        ? `'${value}'`
        : value;
    return `${name}: ${text}`;
  });
  return `{ ${fields.join(', ')} }`;
}

function asksFor({ permissions = [] }: Manifest, name: PermissionName): boolean {
  return permissions.some((permission) => permission.name === name);
}

function reaches({ permissions = [] }: Manifest, host: string): boolean {
  return permissions.some((permission) => permission.name === 'network' && permission.hosts.includes(host));
}
