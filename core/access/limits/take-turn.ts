import { config } from '../../config.ts';
import { trusted } from '../../database/mongoose.ts';
import type { Caller } from '../../http/caller.ts';
import { countedAddress } from '../address-list.ts';
import { type BurstRule, type BurstVerdict, createBurstLimit } from '../burst.ts';
import { cached } from '../cache.ts';
import { turnedAway } from '../metrics.ts';
import { ApiKey, Workspace } from '../model.ts';
import { createSharedBurst } from './shared-burst.ts';
import type { Window } from './sliding-window.ts';
import { type Spent, spend, unspend } from './spend.ts';

/** How much of a limit is left; becomes the RateLimit headers. */
export interface Turn {
  limit: number;
  remaining: number;
  /** seconds until the window is whole again */
  reset_s: number;
  window_s: number;
  /** set when the request is refused: seconds until one more will be taken */
  retry_after_s: number | null;
}

export type RouteKind = 'auth' | 'service' | 'api';

const hour = 3_600_000;
const day = 24 * hour;

/** Bursts, by who asks and for what: the guard in front of the quotas. */
const bursts = {
  /** signing in, by address; what belongs to an account, by person */
  auth: { burst: 120, per_second: 4 },
  /** health, documents */
  service: { burst: 600, per_second: 100 },
  /** without credentials, by address */
  nobody: { burst: 300, per_second: 100 },
  person: { burst: 1000, per_second: 200 },
  key: { burst: 1000, per_second: 500 },
} as const satisfies Record<string, BurstRule>;

/** What a person may ask for in an hour, over all nodes. */
const personWindow: Window = { limit: 100_000, window_ms: hour };

type TakeBurst = (subject: string) => BurstVerdict | Promise<BurstVerdict>;

/** The embedded database is this node's alone, and so are then its callers: its own count is exact. */
const limits = Object.fromEntries(
  Object.entries(bursts).map(([name, rule]) => [
    name,
    config().mongodb_uri === null ? createBurstLimit(rule).take : createSharedBurst(name, rule),
  ]),
) as Record<keyof typeof bursts, TakeBurst>;

/**
 * Counts one request: first against the burst limit of who asks, then against the quotas of the key, the person and
 * the workspace. Answers the tightest of them.
 */
export async function takeTurn(ask: { caller: Caller | null; address: string; kind: RouteKind }): Promise<Turn> {
  const name = burstOf(ask);
  const subject = ask.caller?.id ?? countedAddress(ask.address);
  const burst = await limits[name](subject);
  const rule = bursts[name];
  const first: Turn = {
    limit: rule.burst,
    remaining: burst.remaining,
    reset_s: burst.reset_s,
    window_s: Math.ceil(rule.burst / rule.per_second),
    retry_after_s: burst.allowed ? null : Math.max(1, Math.ceil(burst.retry_after_s)),
  };
  if (!burst.allowed) turnedAway.inc({ why: 'burst' });
  if (!burst.allowed || !ask.caller || ask.kind !== 'api') return first;
  const turn = (await spendAll(await quotasOf(ask.caller))) ?? first;
  if (turn.retry_after_s !== null) turnedAway.inc({ why: 'quota' });
  return turn;
}

function burstOf({ caller, kind }: { caller: Caller | null; kind: RouteKind }): keyof typeof bursts {
  if (kind !== 'api') return kind;
  if (!caller) return 'nobody';
  return caller.kind === 'key' ? 'key' : 'person';
}

export interface NamedQuota {
  subject: string;
  window: Window;
}

/** The quotas that a caller's requests count against. */
export async function quotasOf(caller: Caller): Promise<NamedQuota[]> {
  const own: NamedQuota[] =
    caller.kind === 'key' ? await quotasOfKey(caller) : [{ subject: `user:${caller.id}`, window: personWindow }];
  return caller.workspace_id ? [...own, ...(await quotasOfWorkspace(caller.workspace_id))] : own;
}

function quotasOfKey({ id, workspace_id }: Caller): Promise<NamedQuota[]> {
  return cached(workspace_id, 'key-quotas', id, async () => {
    const key = await ApiKey.findOne({ _id: id, workspace_id }).lean();
    return named(`key:${id}`, key?.rate_limit_per_hour ?? null, key?.rate_limit_per_day ?? null);
  });
}

/** The quotas of a workspace's keys that have any, the newest hundred keys of them. */
export async function quotasOfKeys(workspace_id: string, project_id: string | null): Promise<NamedQuota[]> {
  const keys = await ApiKey.find({
    workspace_id,
    ...(project_id ? { project_id } : {}),
    revoked_at: null,
    $or: [{ rate_limit_per_hour: trusted({ $ne: null }) }, { rate_limit_per_day: trusted({ $ne: null }) }],
  })
    .sort({ created_at: -1, _id: -1 })
    .limit(100)
    .lean();
  return keys.flatMap((key) => named(`key:${key._id}`, key.rate_limit_per_hour, key.rate_limit_per_day));
}

function quotasOfWorkspace(workspace_id: string): Promise<NamedQuota[]> {
  return cached(workspace_id, 'workspace-quotas', '', async () => {
    const workspace = await Workspace.findById(workspace_id).lean();
    return named(
      `workspace:${workspace_id}`,
      workspace?.limits.requests_per_hour ?? null,
      workspace?.limits.requests_per_day ?? null,
    );
  });
}

function named(subject: string, per_hour: number | null, per_day: number | null): NamedQuota[] {
  return [
    ...(per_hour === null ? [] : [{ subject, window: { limit: per_hour, window_ms: hour } }]),
    ...(per_day === null ? [] : [{ subject, window: { limit: per_day, window_ms: day } }]),
  ];
}

/** One of each or none of any. */
async function spendAll(quotas: readonly NamedQuota[]): Promise<Turn | null> {
  let tightest: Spent | null = null;
  for (const [index, { subject, window }] of quotas.entries()) {
    const spent = await spend(subject, window);
    if (!spent.allowed) {
      for (const before of quotas.slice(0, index)) unspend(before.subject, before.window);
      return turnOf(spent);
    }
    if (!tightest || spent.remaining / spent.limit < tightest.remaining / tightest.limit) tightest = spent;
  }
  return tightest && turnOf(tightest);
}

function turnOf({ allowed, limit, remaining, window_ms, whole_at, fits_at }: Spent): Turn {
  const now = Date.now();
  return {
    limit,
    remaining: allowed ? remaining : 0,
    reset_s: Math.max(0, (whole_at - now) / 1000),
    window_s: window_ms / 1000,
    retry_after_s: allowed ? null : Math.max(1, Math.ceil((fits_at - now) / 1000)),
  };
}
