import type { Manifest } from '../sdk/contract/manifest.ts';

/** How a package behaved on this host. */
export interface Health {
  /** calls that were measured */
  calls: number;
  /** share of calls that did not fail, 0 to 1 */
  crash_free: number;
  p95_ms: number;
}

export interface RiskPoint {
  points: number;
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
  const add = (count: number, why: string) => count > 0 && points.push({ points: count, why });
  for (const permission of facts.permissions ?? []) add(...permissionRisk(permission));
  if (!facts.is_signed) add(25, 'is not signed');
  if (!facts.is_verified) add(15, 'was not reviewed by this site');
  if (facts.is_deprecated) add(10, 'its publisher advises against it');
  if (facts.is_blocked) add(100, 'is blocked here');
  const days = facts.published_at ? (now - facts.published_at.getTime()) / 86_400_000 : 0;
  if (!facts.is_first_party && days < 2) add(10, 'was published less than two days ago');
  else if (!facts.is_first_party && days < 14) add(5, 'was published less than two weeks ago');
  if (facts.health && facts.health.calls >= 20) {
    const failed = 1 - facts.health.crash_free;
    if (failed > 0.01)
      add(Math.min(20, Math.ceil(failed * 100)), `${(failed * 100).toFixed(1)} % of its calls failed here`);
  }
  return {
    score: Math.min(
      100,
      points.reduce((sum, one) => sum + one.points, 0),
    ),
    points,
  };
}

type Permission = NonNullable<Manifest['permissions']>[number];

function permissionRisk(permission: Permission): [number, string] {
  switch (permission.name) {
    case 'network': {
      const { hosts } = permission;
      if (permission.private) return [25, `may reach private addresses (${hosts.join(', ')})`];
      if (hosts.some((host) => host.includes('*') || host.includes('{'))) {
        return [12, `may reach hosts that are not fixed (${hosts.join(', ')})`];
      }
      return [Math.min(10, 2 + 2 * hosts.length), `may reach ${hosts.join(', ')}`];
    }
    case 'app':
      return [8, `uses the secrets of the app "${permission.service}"`];
    case 'records:read':
      return [8, 'reads synced records'];
    case 'files':
      return [4, 'reads and writes files'];
    case 'events:emit':
      return [2, 'emits events'];
    case 'schedule':
      return [2, 'runs by itself'];
    default:
      return [1, `has the permission ${permission.name}`];
  }
}
