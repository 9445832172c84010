import type { Role, SiteRole } from '../http/caller.ts';

/** What an API key may be given; `admin` is all that a workspace's admin may. */
export const scopes = [
  'plugins:read',
  'plugins:write',
  'integrations:read',
  'integrations:write',
  'integrations:run',
  'webhooks:read',
  'webhooks:write',
  'events:write',
  'records:read',
  'registry:publish',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

interface Rule {
  /** the least role in the workspace; absent: no role gives it */
  role?: Role;
  /** the scope that gives it to a key; absent: only `admin` does, where a role does too */
  scope?: Scope;
  /** site roles that give it, whatever the role in the workspace */
  site?: readonly SiteRole[];
  /** any signed-in person, with or without a workspace; never a key */
  person?: true;
  /** about the workspace as a whole: not for a key that belongs to one project */
  whole?: true;
  /** anybody at the host's own console */
  loopback?: true;
}

/** Who may what: the one table. A route names a right, and nothing else decides. */
export const rights = {
  self: { person: true },
  'plugins:read': { role: 'viewer', scope: 'plugins:read' },
  'plugins:write': { role: 'admin', scope: 'plugins:write' },
  'plugins:configure': { role: 'developer', scope: 'plugins:write' },
  'plugins:run': { role: 'developer', scope: 'integrations:run' },
  'integrations:read': { role: 'viewer', scope: 'integrations:read' },
  'integrations:write': { role: 'developer', scope: 'integrations:write' },
  'integrations:run': { role: 'developer', scope: 'integrations:run' },
  'webhooks:read': { role: 'viewer', scope: 'webhooks:read' },
  'webhooks:write': { role: 'developer', scope: 'webhooks:write' },
  'events:read': { role: 'viewer', scope: 'webhooks:read' },
  'events:write': { role: 'developer', scope: 'events:write' },
  'records:read': { role: 'viewer', scope: 'records:read' },
  'registry:publish': { role: 'developer', scope: 'registry:publish' },
  'workspace:read': { role: 'viewer' },
  'workspace:write': { role: 'admin', whole: true },
  'members:write': { role: 'admin', whole: true },
  'projects:read': { role: 'viewer', scope: 'integrations:read' },
  'projects:write': { role: 'admin' },
  'keys:read': { role: 'admin' },
  'keys:write': { role: 'admin' },
  'audit:read': { role: 'admin', whole: true },
  'policy:write': { role: 'admin', whole: true },
  'jobs:read': { role: 'developer' },
  'jobs:write': { role: 'admin' },
  'site:operate': { site: ['operator'] },
  'site:review': { site: ['operator', 'reviewer'] },
  'metrics:read': { role: 'admin', site: ['operator'], loopback: true },
} as const satisfies Record<string, Rule>;

export type Right = keyof typeof rights;

/** Roles from least to most. */
export const roles = ['viewer', 'developer', 'admin', 'owner'] as const satisfies readonly Role[];

/** True when `role` may all that `least` may. */
export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}

/** The rule of a right. @throws Error for a name that is not in the table: a mistake in a route, not of a caller */
export function ruleOf(right: string): Rule {
  if (!Object.hasOwn(rights, right))
    throw new Error(`There is no right ${JSON.stringify(right)}: add it to core/access/rights.ts.`);
  return rights[right as Right];
}
