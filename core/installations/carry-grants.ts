import canonicalize from 'canonicalize';
import type { Grant } from '../../sandbox/types.ts';
import type { Permission } from '../../sdk/contract/manifest/permissions.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { permissionChanges } from '../../sdk/contract/permission-changes.ts';
import { type Given, isCovered, isWithin, judgeGrants } from './grants.ts';

/** Consent to a credential travelling elsewhere: not a permission of the manifest, but asked like one. */
export interface CredentialMove {
  name: 'credentials';
  /** the way of signing in whose addresses, places or certificates change */
  auth: string;
  reason: string;
}

export interface CarriedGrants {
  grants: Grant[];
  /** what an admin must still say yes to */
  added: (Permission | CredentialMove)[];
  /** granted today, and not asked any more */
  removed: Grant[];
}

/**
 * What an upgrade may do with the consent that there is. A permission that is asked as before keeps its grant, also a
 * narrowed one; one that lies within what is granted is granted; every other must be given now.
 *
 * @param given what the admin grants with the upgrade
 */
export function carryGrants(
  from: { manifest: Manifest; grants: readonly Grant[] },
  to: Manifest,
  given: readonly Given[],
): CarriedGrants {
  const asked = to.permissions ?? [];
  const plain = given.filter((one) => (typeof one === 'string' ? one : one.name) !== 'credentials');
  const consents = plain.length < given.length;
  const fresh = judgeGrants(asked, plain);
  const grants: Grant[] = [];
  const added: (Permission | CredentialMove)[] = [];
  for (const permission of asked) {
    const now = fresh.grants.filter((grant) => isWithin(permission, grant));
    const same = (from.manifest.permissions ?? []).some((old) => scopeOf(old) === scopeOf(permission));
    const kept = from.grants.filter((grant) => isWithin(permission, grant));
    if (now.length > 0) grants.push(...now);
    else if (same) grants.push(...kept);
    else if (isCovered(permission, from.grants)) grants.push(wholeOf(permission));
    else if (!permission.optional) added.push(permission);
  }
  if (!consents) added.push(...credentialMoves(from.manifest, to));
  const unique = [...new Map(grants.map((grant) => [canonicalize(grant), grant])).values()];
  const removed = from.grants.filter((grant) => !unique.some((one) => canonicalize(one) === canonicalize(grant)));
  return { grants: unique, added, removed };
}

/**
 * Ways of signing in whose credential would travel otherwise than today (CONTRACT.md, mechanism 17). A new way of
 * signing in has no credential yet; whoever connects with it sees where it goes.
 */
function credentialMoves(from: Manifest, to: Manifest): CredentialMove[] {
  return permissionChanges(from, to).credential_moved.map((auth) => ({
    name: 'credentials',
    auth,
    reason: `Where credentials of "${auth}" are sent, or how, changes from ${from.version} to ${to.version}`,
  }));
}

function scopeOf({ reason: _, optional: __, ...scope }: Permission): string {
  return canonicalize(scope) ?? '';
}

function wholeOf({ reason: _, optional: __, ...scope }: Permission): Grant {
  return scope as Grant;
}
