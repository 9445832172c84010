import { hostCovers } from './host-pattern.ts';
import type { Auth } from './manifest/auth.ts';
import type { Permission } from './manifest/permissions.ts';
import type { Manifest } from './manifest.ts';

/** What an upgrade asks for beyond, or no longer of, what the version before asked for. */
export interface PermissionChanges {
  /** Permissions of the new manifest that reach further than every one of the old. */
  added: Permission[];
  /** Permissions of the old manifest that the new one no longer asks for in any form. */
  removed: Permission[];
  /** Auth entries whose credential may now travel elsewhere or otherwise (CONTRACT.md, mechanism 17). */
  credential_moved: string[];
}

/** Compares two versions of a manifest. Anything in `added` or `credential_moved` needs new consent. */
export function permissionChanges(before: Manifest, after: Manifest): PermissionChanges {
  const old = before.permissions ?? [];
  const now = after.permissions ?? [];
  return {
    added: now.filter((permission) => !old.some((known) => covers(known, permission))),
    removed: old.filter((permission) => !now.some(({ name }) => name === permission.name)),
    credential_moved: (after.auth ?? [])
      .filter((entry) => {
        const known = before.auth?.find(({ name }) => name === entry.name);
        return known !== undefined && JSON.stringify(travels(known, before)) !== JSON.stringify(travels(entry, after));
      })
      .map(({ name }) => name),
  };
}

/** Whether `inner` allows nothing that `outer` does not. Whatever cannot be compared surely is taken as new. */
export function covers(outer: Permission, inner: Permission): boolean {
  if (outer.name !== inner.name) return false;
  if (outer.name === 'network' && inner.name === 'network') {
    return (
      inner.hosts.every((host) => outer.hosts.some((known) => hostCovers(known, host))) &&
      within(outer.methods, inner.methods) &&
      within(outer.paths, inner.paths) &&
      (outer.private === true || inner.private !== true)
    );
  }
  if (outer.name === 'app' && inner.name === 'app') return outer.service === inner.service;
  if (outer.name === 'files' && inner.name === 'files') return inner.max_bytes <= outer.max_bytes;
  if ('types' in outer || 'types' in inner) {
    return within('types' in outer ? outer.types : undefined, 'types' in inner ? inner.types : undefined);
  }
  if ('models' in outer || 'models' in inner) {
    return within('models' in outer ? outer.models : undefined, 'models' in inner ? inner.models : undefined);
  }
  return true;
}

/** An absent list means everything. */
function within(outer: readonly string[] | undefined, inner: readonly string[] | undefined): boolean {
  if (outer === undefined) return true;
  return inner?.every((value) => outer.includes(value)) ?? false;
}

/** Everything that decides where a credential goes and in what form. */
function travels(entry: Auth, { exchanges = {} }: Manifest): unknown[] {
  const { hosts, base_url, inject, sign, tls, token, refresh, revoke, request, authorize } = entry;
  const exchanged = entry.exchange === undefined ? exchanges : exchanges[entry.exchange];
  return [[...hosts].sort(), base_url, inject, sign, tls, token, refresh, revoke, request, authorize?.url, exchanged];
}
