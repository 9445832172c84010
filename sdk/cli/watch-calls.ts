import { setTimeout as wait } from 'node:timers/promises';
import { ApiError, type Client, type Schemas } from '../client/index.ts';
import type { Call } from './command.ts';
import { logText } from './log-text.ts';

/** What is loaded now: it changes while calls are watched. */
export interface Seen {
  id: string | undefined;
  /** Permissions that the manifest asks for. */
  declared: string[];
}

type Invocation = Schemas['InvocationDetail'];

const pauseMs = 500;

/**
 * Shows every call that the host makes into a plugin, once it is over: what it logged and asked for, its error with the
 * author's own lines, and the permissions used so far beside those declared. Ends with the signal.
 */
export async function watchCalls(client: Client, seen: Seen, call: Call, signal: AbortSignal): Promise<void> {
  let since = new Date().toISOString();
  const shown = new Set<string>();
  const used = new Map<string, number>();
  while (!signal.aborted) {
    if (seen.id) {
      for (const one of await latest(client, seen.id, since, shown)) {
        shown.add(one.id);
        // Long calls end after short ones that began later: look back a little.
        since = new Date(Math.max(Date.parse(since), Date.parse(one.started_at) - 60_000)).toISOString();
        for (const { permission, ok } of one.host_calls) {
          if (ok && permission) used.set(permission, (used.get(permission) ?? 0) + 1);
        }
        call.show(textOf(one, used, seen.declared), { event: 'call', ...one });
      }
    }
    await wait(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What was not shown yet, the earliest first. A host that is away for a moment is asked again. */
async function latest(client: Client, id: string, since: string, shown: Set<string>): Promise<Invocation[]> {
  try {
    const query = { since, size: 50 };
    const listed = await client.call('GET /plugins/{id}/invocations', { params: { id }, query });
    const fresh = listed.invocations.filter((one) => !shown.has(one.id)).reverse();
    return await Promise.all(fresh.map((one) => client.call('GET /invocations/{id}', { params: { id: one.id } })));
  } catch (error) {
    if (error instanceof ApiError && [0, 404, 429, 502, 503].includes(error.status)) return [];
    throw error;
  }
}

function textOf(one: Invocation, used: ReadonlyMap<string, number>, declared: readonly string[]): string {
  const mark = one.error ? '✗' : '✓';
  const error = one.error
    ? [`  ${one.error.name ?? one.error.type}: ${one.error.message}`, ...(one.error.stack?.split('\n') ?? [])]
    : [];
  const unused = declared.filter((name) => !used.has(name));
  const permissions = [
    ...[...used].map(([name, count]) => `${name} used ${count}×`),
    ...[...new Set(unused)].map((name) => `${name} not used yet`),
  ];
  return [
    `${mark} ${one.handler} ${Math.round(one.duration_ms)} ms  ${one.id}`,
    ...one.logs.map((line) => `  ${logText(line)}`),
    ...one.host_calls.map(
      ({ op, detail, ok, ms }) => `  ${op}${detail ? ` ${detail}` : ''} ${Math.round(ms)} ms${ok ? '' : ' refused'}`,
    ),
    ...(one.denied ?? []).map(({ permission, detail }) => `  denied ${permission}: ${detail}`),
    ...error,
    ...(permissions.length > 0 ? [`  permissions: ${permissions.join(', ')}`] : []),
  ].join('\n');
}
