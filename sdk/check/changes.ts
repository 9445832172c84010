import type { Manifest } from '../contract/manifest.ts';
import { permissionChanges } from '../contract/permission-changes.ts';
import type { Finding } from './finding.ts';
import { handlersOf } from './handlers.ts';

/** What changed since the release before: more permissions, credentials that move, and breaks within a major version. */
export function findChanges(previous: Manifest, manifest: Manifest): Finding[] {
  const { added, removed, credential_moved } = permissionChanges(previous, manifest);
  const found = (rule: string, severity: Finding['severity'], message: string, fix: string): Finding => ({
    ...{ rule, severity, file: 'plugin.json', message, fix },
  });
  return [
    ...added.map((permission) => {
      const what = permission.name === 'network' ? `network to ${permission.hosts.join(', ')}` : permission.name;
      const fix = 'every installation is asked again; say why in CHANGELOG.md';
      return found('permission-added', 'warning', `It asks for more than ${previous.version}: ${what}`, fix);
    }),
    ...credential_moved.map((name) => {
      const fix = 'every connected account must consent again; say why in CHANGELOG.md';
      return found(
        'credential-moved',
        'warning',
        `The credential of "${name}" goes elsewhere than in ${previous.version}`,
        fix,
      );
    }),
    ...removed.map(({ name }) =>
      found('permission-removed', 'info', `It no longer asks for "${name}"`, 'nothing to do'),
    ),
    ...breaks(previous, manifest).map((what) => {
      const fix = `raise the major version, or keep it working`;
      return found('breaking-change', 'warning', `${what} although the major version stays`, fix);
    }),
  ];
}

function breaks(previous: Manifest, manifest: Manifest): string[] {
  const major = (version: string) => version.split('.')[0];
  if (major(previous.version) !== major(manifest.version) || major(manifest.version) === '0') return [];
  const now = handlersOf(manifest).needed;
  const gone = handlersOf(previous)
    .needed.filter((name) => !now.includes(name))
    .map((name) => `${name} is gone`);
  const stricter = Object.entries(manifest.actions ?? {}).flatMap(([name, { input }]) => {
    const before = required(previous.actions?.[name]?.input);
    if (!previous.actions?.[name]) return [];
    const added = required(input).filter((field) => !before.includes(field));
    return added.map((field) => `actions.${name} requires the new input "${field}"`);
  });
  return [...gone, ...stricter];
}

function required(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null || !('required' in schema)) return [];
  return Array.isArray(schema.required) ? schema.required : [];
}
