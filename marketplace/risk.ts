import type { Manifest } from '../sdk/contract/manifest.ts';

/** How a package behaved on this host. */
export interface Health {
  /** calls that were measured */
  calls: number;
  /** share of calls that did not fail, 0 to 1 */
  crash_free: number;
  p95_ms: number;
}

/** What can speak against a package; a reader's language has a sentence for each. */
export type RiskName =
  | 'unsigned'
  | 'unreviewed'
  | 'deprecated'
  | 'blocked'
  | 'days_old'
  | 'weeks_old'
  | 'fails'
  | 'private_network'
  | 'open_network'
  | 'network'
  | 'app'
  | 'records'
  | 'files'
  | 'emits'
  | 'schedule'
  | 'permission';

export interface RiskPoint {
  points: number;
  name: RiskName;
  /** what it is about: the hosts, the service, the permission, the share of calls; null where the name says all */
  about: string | null;
  /** the same as an English sentence */
  why: string;
}

/** 0 (nothing speaks against it) to 100, and what each point is for. */
export interface Risk {
  score: number;
  points: RiskPoint[];
}

export interface RiskFacts {
  permissions: Manifest['permissions'];
  is_signed: boolean;
  is_verified: boolean;
  is_first_party: boolean;
  is_deprecated: boolean;
  is_blocked: boolean;
  published_at: Date | null;
  health: Health | null;
}

/** How much an installation risks, by what it asks for, who vouches for it, its age, and how it behaved here. */
export function risk(facts: RiskFacts, now: number): Risk {
  const points: RiskPoint[] = [];
  const add = (count: number, name: RiskName, about: string | null = null) =>
    points.push({ points: count, name, about, why: sentences[name](about ?? '') });
  for (const permission of facts.permissions ?? []) add(...permissionRisk(permission));
  if (!facts.is_signed) add(25, 'unsigned');
  if (!facts.is_verified) add(15, 'unreviewed');
  if (facts.is_deprecated) add(10, 'deprecated');
  if (facts.is_blocked) add(100, 'blocked');
  const days = facts.published_at ? (now - facts.published_at.getTime()) / 86_400_000 : 0;
  if (!facts.is_first_party && days < 2) add(10, 'days_old');
  else if (!facts.is_first_party && days < 14) add(5, 'weeks_old');
  if (facts.health && facts.health.calls >= 20) {
    const failed = 1 - facts.health.crash_free;
    if (failed > 0.01) add(Math.min(20, Math.ceil(failed * 100)), 'fails', `${(failed * 100).toFixed(1)} %`);
  }
  return {
    score: Math.min(
      100,
      points.reduce((sum, one) => sum + one.points, 0),
    ),
    points,
  };
}

const sentences: Record<RiskName, (about: string) => string> = {
  unsigned: () => 'is not signed',
  unreviewed: () => 'was not reviewed by this site',
  deprecated: () => 'its publisher advises against it',
  blocked: () => 'is blocked here',
  days_old: () => 'was published less than two days ago',
  weeks_old: () => 'was published less than two weeks ago',
  fails: (share) => `${share} of its calls failed here`,
  private_network: (hosts) => `may reach private addresses (${hosts})`,
  open_network: (hosts) => `may reach hosts that are not fixed (${hosts})`,
  network: (hosts) => `may reach ${hosts}`,
  app: (service) => `uses the secrets of the app "${service}"`,
  records: () => 'reads synced records',
  files: () => 'reads and writes files',
  emits: () => 'emits events',
  schedule: () => 'runs by itself',
  permission: (name) => `has the permission ${name}`,
};

type Permission = NonNullable<Manifest['permissions']>[number];

function permissionRisk(permission: Permission): [number, RiskName, string?] {
  switch (permission.name) {
    case 'network': {
      const hosts = permission.hosts.join(', ');
      if (permission.private) return [25, 'private_network', hosts];
      if (permission.hosts.some((host) => host.includes('*') || host.includes('{'))) return [12, 'open_network', hosts];
      return [Math.min(10, 2 + 2 * permission.hosts.length), 'network', hosts];
    }
    case 'app':
      return [8, 'app', permission.service];
    case 'records:read':
      return [8, 'records'];
    case 'files':
      return [4, 'files'];
    case 'events:emit':
      return [2, 'emits'];
    case 'schedule':
      return [2, 'schedule'];
    default:
      return [1, 'permission', permission.name];
  }
}
