import { hostCovers } from '../contract/host-pattern.ts';
import type { PermissionName } from '../contract/manifest/permissions.ts';
import type { Manifest } from '../contract/manifest.ts';
import { type Finding, matchesOf, type TextFile } from './finding.ts';

/** How a use of each permission looks in code, certainly (`ctx.…`) and possibly (renamed or taken apart). */
const uses: [PermissionName, RegExp, RegExp][] = [
  ['network', /\bctx\d*\.fetch\s*\(/g, /\bfetch\b/],
  ['storage', /\bctx\d*\.store\.(?:get|set|delete|list)\s*\(/g, /\bstore\b/],
  ['events:emit', /\bctx\d*\.emit\s*\(/g, /\b(?:emit|events)\b/],
  ['schedule', /\bctx\d*\.schedule\./g, /\bschedule\b/],
  ['records:read', /\bctx\d*\.records\./g, /\brecords\b/],
  ['files', /\bctx\d*\.files\./g, /\bfiles\b/],
];

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
  return matchesOf(code.text, /\bctx\d*\.fetch\s*\(\s*["'`]https?:\/\/([a-zA-Z0-9.-]+(?::\d+)?)(?=[/"'`?])/g)
    .filter(([, host = '']) => !allowed.some((pattern) => hostCovers(pattern, host.toLowerCase())))
    .map((match) => ({
      rule: 'host-undeclared',
      severity: 'error' as const,
      ...code.place(match.index),
      message: `The host ${match[1]} is in no network permission`,
      fix: `add "${match[1]}" to its hosts`,
    }));
}
