import { hostCovers } from '../contract/host-pattern.ts';
import type { PermissionName } from '../contract/manifest/permissions.ts';
import type { Manifest } from '../contract/manifest.ts';
import { type Finding, matchesOf, type TextFile } from './finding.ts';

/** How a use of each permission looks in code, certainly (`ctx.…`) and possibly (renamed or taken apart). */
const uses: [PermissionName, RegExp, RegExp][] = [
  ['network', /\bctx\d*\.fetch\s*\(/g, /\bfetch\b/],
  ['storage', /\bctx\d*\.store\.(?:get|set|delete|list)\s*\(/g, /\bstore\b/],
  ['events:emit', /\bctx\d*\.emit\s*\(/g, /\b(?:emit|events)\b/],
  ['schedule', /\bctx\d*\.schedule\s*\(/g, /\bschedule\b/],
  ['records:read', /\bctx\d*\.records\./g, /\brecords\b/],
  ['files', /\bctx\d*\.files\./g, /\bfiles\b/],
];

/** What the code certainly uses and the manifest does not ask for; `check --fix` writes it there. */
export function undeclaredUse(
  manifest: Manifest,
  files: readonly TextFile[],
): { permissions: PermissionName[]; hosts: string[] } {
  const text = files.find(({ path }) => path === 'plugin.js')?.text ?? '';
  const declared = (manifest.permissions ?? []).map(({ name }) => name);
  const allowed = (manifest.permissions ?? []).flatMap((one) => (one.name === 'network' ? one.hosts : []));
  const permissions = uses.filter(([name, certain]) => !declared.includes(name) && text.search(certain) >= 0);
  return {
    permissions: permissions.map(([name]) => name),
    hosts: [...new Set(fetchedHosts(text).map(({ host }) => host))].filter((host) => !isReached(host, allowed)),
  };
}

/** Addresses written out in `ctx.fetch`. */
function fetchedHosts(text: string): { host: string; index: number }[] {
  return matchesOf(text, /\bctx\d*\.fetch\s*\(\s*["'`]https?:\/\/([a-zA-Z0-9.-]+(?::\d+)?)(?=[/"'`?])/g).map(
    (match) => ({
      host: (match[1] ?? '').toLowerCase(),
      index: match.index,
    }),
  );
}

function isReached(host: string, allowed: readonly string[]): boolean {
  return allowed.some((pattern) => hostCovers(pattern, host));
}

/** What the code uses against what the manifest asks for. The sandbox decides at run time; this says so before. */
export function findPermissionUse(manifest: Manifest, files: readonly TextFile[]): Finding[] {
  const code = files.find(({ path }) => path === 'plugin.js');
  if (!code) return [];
  const { permissions = [] } = manifest;
  // The manifest is part of the bundle, so its own words must not count as use.
  const body = code.text.replace(/(["'])(?:network|storage|events:emit|schedule|records:read|files)\1/g, '""');
  const findings: Finding[] = [];
  for (const [name, certain, possible] of uses) {
    const declared = permissions.some((permission) => permission.name === name);
    const [first] = code.text.matchAll(certain);
    if (first && !declared) {
      findings.push({
        rule: 'permission-undeclared',
        severity: 'error',
        ...code.place(first.index),
        message: `${first[0].replace(/\s*\($/, '')} needs the permission "${name}", which the manifest does not ask for`,
        fix: `add {"name": "${name}", …, "reason": "…"} to permissions`,
      });
    }
    if (declared && !possible.test(body)) {
      findings.push({
        rule: 'permission-unused',
        severity: 'warning',
        file: 'plugin.json',
        message: `The permission "${name}" is asked for but never used`,
        fix: 'remove it: people trust a plugin that asks for less',
      });
    }
  }
  return [...findings, ...hosts(manifest, code)];
}

/** Addresses written out in `ctx.fetch` that no network permission reaches. */
function hosts({ permissions = [] }: Manifest, code: TextFile): Finding[] {
  const allowed = permissions.flatMap((permission) => (permission.name === 'network' ? permission.hosts : []));
  if (allowed.length === 0) return [];
  return fetchedHosts(code.text)
    .filter(({ host }) => !isReached(host, allowed))
    .map(({ host, index }) => ({
      rule: 'host-undeclared',
      severity: 'error' as const,
      ...code.place(index),
      message: `The host ${host} is in no network permission`,
      fix: `add "${host}" to its hosts`,
    }));
}
