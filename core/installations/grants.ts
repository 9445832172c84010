import { refused } from '../../marketplace/releases/intake.ts';
import type { Grant } from '../../sandbox/types.ts';
import type { Permission } from '../../sdk/contract/manifest/permissions.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';

/** What an admin grants: a permission's name, or an object that narrows it. */
export type Given = string | ({ name: string } & Record<string, unknown>);

export interface JudgedGrants {
  grants: Grant[];
  /** required by the manifest and not given */
  missing: Permission[];
}

const scopes = ['hosts', 'methods', 'paths', 'types', 'models'] as const;
type Loose = Record<string, unknown> & { name: string };

/**
 * Holds what an admin gives against what the manifest asks. A name grants all that is asked under it; an object grants
 * no more than it says, and never more than is asked.
 *
 * @throws Failure `install_refused`, reason `permission_not_asked`, for a grant that the manifest does not ask
 */
export function judgeGrants(asked: readonly Permission[], given: readonly Given[]): JudgedGrants {
  for (const one of given) mustBeAsked(asked, one);
  const grants: Grant[] = [];
  const missing: Permission[] = [];
  for (const permission of asked) {
    const fitting = given.filter((one) => isWithin(permission, one));
    const whole = fitting.some((one) => typeof one === 'string');
    const made = whole ? [grantOf(permission, permission.name)] : fitting.map((one) => grantOf(permission, one));
    grants.push(...made);
    if (made.length === 0 && !permission.optional) missing.push(permission);
  }
  return { grants, missing };
}

/** Whether `one` grants (a part of) this permission. */
export function isWithin(permission: Permission, one: Given | Grant): boolean {
  const { name, ...scope } = typeof one === 'string' ? { name: one } : one;
  if (name !== permission.name) return false;
  const asked = permission as Permission & Loose;
  return Object.entries(scope).every(([field, value]) => {
    const most = asked[field];
    if ((scopes as readonly string[]).includes(field)) return isSubset(field, value, most);
    if (field === 'max_bytes') return typeof value === 'number' && typeof most === 'number' && value <= most;
    if (field === 'private') return value === false || most === true;
    if (field === 'reason' || field === 'optional') return true;
    return value === most;
  });
}

/** An absent list means "all", so a part of it is anything; but a part of a list is in the list. */
function isSubset(field: string, part: unknown, whole: unknown): boolean {
  if (!Array.isArray(part) || part.length === 0) return false;
  if (whole === undefined) return field !== 'hosts' && part.every((item) => typeof item === 'string');
  return Array.isArray(whole) && part.every((item) => whole.includes(item));
}

/** The grant as the sandbox takes it: the permission's scope, narrowed by what was given. */
function grantOf(permission: Permission, given: Given): Grant {
  const { reason: _, optional: __, ...asked } = permission;
  if (typeof given === 'string') return asked as Grant;
  const { reason: ___, optional: ____, ...narrowed } = given;
  return { ...asked, ...narrowed } as Grant;
}

function mustBeAsked(asked: readonly Permission[], given: Given): void {
  if (asked.some((permission) => isWithin(permission, given))) return;
  const name = typeof given === 'string' ? given : given.name;
  const names = [...new Set<string>(asked.map((permission) => permission.name))];
  if (names.includes(name)) {
    throw refused(
      'permission_not_asked',
      `The plugin asks for less than ${quote(given)}; a grant can only be narrower`,
    );
  }
  const near = nearest(name, names);
  throw refused(
    'permission_not_asked',
    `The plugin asks for no permission ${quote(name)}${near ? `; did you mean ${near}?` : `; it asks for ${names.join(', ') || 'none'}`}`,
  );
}

/** Whether everything that this permission asks is granted already. */
export function isCovered(permission: Permission, grants: readonly Grant[]): boolean {
  const { reason: _, optional: __, ...wanted } = permission as Permission & Loose;
  return grants.some((grant) => {
    const held = grant as unknown as Loose;
    if (held.name !== wanted.name) return false;
    return [...new Set([...Object.keys(wanted), ...Object.keys(held)])].every((field) => {
      const [need, have] = [wanted[field], held[field]];
      if ((scopes as readonly string[]).includes(field)) {
        return have === undefined || (need !== undefined && isSubset(field, need, have));
      }
      if (field === 'max_bytes') return typeof need === 'number' && typeof have === 'number' && need <= have;
      if (field === 'private') return !need || have === true;
      return need === have;
    });
  });
}

/** A permission as an answer shows it. */
export function presentPermission(permission: Permission): Record<string, unknown> {
  return { ...permission };
}
