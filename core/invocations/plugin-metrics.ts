import { trusted } from '../database/mongoose.ts';
import { Invocation } from './model.ts';
import { percentile } from './percentile.ts';

const buckets = 48;
/** Past this many calls in the window, the latest ones stand for all. */
const mostCalls = 20_000;

/** Calls, errors, cost and percentiles of a plugin since a time, whole and in equal pieces of that time. */
export async function pluginMetrics(workspace_id: string, installation_id: string, since: Date) {
  const rows = await Invocation.find(
    { workspace_id, installation_id, started_at: trusted({ $gte: since }) },
    { started_at: 1, status: 1, error: 1, duration_ms: 1, cpu_ms: 1, heap_bytes: 1, host_calls: 1 },
  )
    .sort({ started_at: -1 })
    .limit(mostCalls)
    .lean();
  const step = Math.max(1000, (Date.now() - since.getTime()) / buckets);
  const pieces = Map.groupBy(rows, ({ started_at }) => Math.floor((started_at.getTime() - since.getTime()) / step));
  const byError: Record<string, number> = {};
  for (const { error } of rows) if (error) byError[error.type] = (byError[error.type] ?? 0) + 1;
  return {
    since: since.toISOString(),
    ...summaryOf(rows),
    by_error: byError,
    over_time: [...pieces]
      .sort(([a], [b]) => a - b)
      .map(([index, calls]) => ({
        at: new Date(since.getTime() + index * step).toISOString(),
        ...summaryOf(calls),
      })),
  };
}

type Row = Pick<Invocation, 'status' | 'duration_ms' | 'cpu_ms' | 'heap_bytes' | 'host_calls'>;

function summaryOf(rows: readonly Row[]) {
  const durations = rows.map(({ duration_ms }) => duration_ms);
  return {
    calls: rows.length,
    errors: rows.filter(({ status }) => status !== 'succeeded').length,
    cpu_ms: rows.reduce((sum, { cpu_ms }) => sum + cpu_ms, 0),
    heap_bytes: rows.reduce((most, { heap_bytes }) => Math.max(most, heap_bytes), 0),
    host_calls: rows.reduce((sum, { host_calls }) => sum + host_calls.length, 0),
    p50_ms: percentile(durations, 50),
    p95_ms: percentile(durations, 95),
    p99_ms: percentile(durations, 99),
  };
}
