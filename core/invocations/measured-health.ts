import type { Health } from '../../marketplace/risk.ts';
import { cached } from '../access/cache.ts';
import { trusted } from '../database/mongoose.ts';
import { Invocation } from './model.ts';
import { percentile } from './percentile.ts';

const windowMs = 7 * 86_400_000;
const keptMs = 30_000;
const mostCalls = 20_000;

/** How packages behaved on this host in the last week, over all workspaces; those that nobody called are missing. */
export async function measuredHealth(names: readonly string[]): Promise<Map<string, Health>> {
  const all = await cached('site', 'measured-health', 'all', measure, keptMs);
  return new Map(names.flatMap((name) => (all.has(name) ? [[name, all.get(name) as Health] as const] : [])));
}

async function measure(): Promise<Map<string, Health>> {
  const since = new Date(Date.now() - windowMs);
  const rows = await Invocation.find({ started_at: trusted({ $gte: since }) }, { plugin: 1, status: 1, duration_ms: 1 })
    .sort({ started_at: -1 })
    .limit(mostCalls)
    .lean();
  const byPlugin = Map.groupBy(rows, ({ plugin }) => plugin);
  return new Map([...byPlugin].map(([plugin, calls]) => [plugin, healthOf(calls)]));
}

/** Crash-free share and p95 of some calls. */
export function healthOf(calls: readonly { status: string; duration_ms: number }[]): Health {
  const good = calls.filter(({ status }) => status === 'succeeded').length;
  return {
    calls: calls.length,
    crash_free: calls.length === 0 ? 1 : Math.round((good / calls.length) * 10_000) / 10_000,
    p95_ms: percentile(
      calls.map(({ duration_ms }) => duration_ms),
      95,
    ),
  };
}
