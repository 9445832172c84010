import { emptyUsage } from './pool/active-call.ts';
import { createSandbox } from './pool/create-sandbox.ts';
import { SandboxError } from './sandbox-error.ts';
import type {
  CallRequest,
  CallResult,
  Grant,
  HostCallEntry,
  Image,
  LogLine,
  Perform,
  PerformInfo,
  StreamCall,
  Usage,
} from './types.ts';

/** What a recording has in place of a secret. */
const MASKED = '••••';

/** A call as it was recorded: run again with this, nothing else is needed of the host. */
export interface Recording {
  handler: string;
  args: unknown[];
  /** What `ctx` was made of. */
  context: Record<string, unknown>;
  grants: Grant[];
  use: 'call' | 'job';
  /** 64 hex digits that all random values of the call grew from. */
  seed: string;
  /** What it read of the clock, in order. */
  clock: number[];
  /** In the order in which they were answered. */
  host_calls: HostCallEntry[];
  /** Of a stream: how many batches were taken of it. */
  batches?: number;
}

/** A place where the plugin asked the host for something else than it did when it was recorded. */
export interface Difference {
  n: number;
  expected: { op: string; request: unknown } | null;
  seen: { op: string; request: unknown };
}

export interface Replayed {
  /** Of a stream: the output is the list of its batches. */
  result: CallResult;
  differences: Difference[];
  /** Host calls of the recording that the plugin did not make this time, by their place. */
  missing: number[];
}

/**
 * Runs a recorded call again in a sandbox of its own: random values, the clock and every answer of the host come from the
 * recording, answers in their recorded order. The same plugin gives the same result; another version of it shows where it
 * goes another way: a request that differs is told, and answered as the one in its place was if it is of the same kind.
 *
 * Not repeated: what earlier calls left in the isolate's globals, the length of timers against answers of the host, and
 * masked secrets in the arguments.
 */
export async function replay(recording: Recording, image: Pick<Image, 'name' | 'version' | 'script'> & Partial<Image>) {
  const { perform, differences, missing } = answersOf(recording.host_calls);
  const sandbox = await createSandbox<null>({ perform, processes: 1 });
  try {
    sandbox.load({ trust: 'unverified', ...image, id: 'replay' });
    const journal = { seed: recording.seed, clock: recording.clock };
    const request: CallRequest<null> = {
      id: 'replay',
      handler: recording.handler,
      args: JSON.stringify(recording.args),
      context: JSON.stringify({ ...recording.context, journal }),
      grants: recording.grants,
      scope: null,
      use: recording.use,
    };
    const isStream = recording.handler.startsWith('streams.');
    const result = isStream
      ? await readAgain(sandbox.stream(request), recording.batches ?? 0, () => missing().length > 0)
      : await sandbox.call(request);
    return { result, differences, missing: missing() } satisfies Replayed;
  } finally {
    await sandbox.close();
  }
}

/** Takes as many batches as were taken; and one more when the recording has answers that nobody asked for yet. */
async function readAgain(stream: StreamCall, wanted: number, isLeft: () => boolean): Promise<CallResult> {
  const batches: string[] = [];
  const logs: LogLine[] = [];
  let usage: Usage | undefined;
  try {
    while (batches.length < wanted || isLeft()) {
      const page = await stream.next();
      logs.push(...page.logs);
      usage = page.usage;
      if (page.done || batches.length === wanted) break;
      batches.push(page.value);
    }
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return { ok: false, error: error.error, usage: error.usage ?? usage ?? emptyUsage(1), logs };
  } finally {
    await stream.return();
  }
  return { ok: true, output: `[${batches.join(',')}]`, usage: usage ?? emptyUsage(1), logs };
}

/** What the host does during a replay. */
function answersOf(entries: readonly HostCallEntry[]) {
  const byPlace = new Map(entries.map((entry) => [entry.n, entry]));
  const seen = new Set<number>();
  const differences: Difference[] = [];
  // Those that were refused unheard never come here: nobody waits for their turn.
  const turns = entries
    .filter((entry) => !isRefusal(entry))
    .map((entry) => ({ n: entry.n, done: Promise.withResolvers<void>() }));

  async function answer(op: string, request: unknown, { n }: PerformInfo): Promise<unknown> {
    const entry = byPlace.get(n);
    seen.add(n);
    if (!entry || !isSame(entry, op, request)) {
      differences.push({ n, expected: entry ? { op: entry.op, request: entry.request } : null, seen: { op, request } });
    }
    if (entry?.op !== op) throw { code: 'not_recorded', message: `The recording has no answer to this ${op}` };
    const turn = turns.findIndex((each) => each.n === n);
    if (turn > 0) await turns[turn - 1]?.done.promise;
    turns[turn]?.done.resolve();
    if (entry.error) throw entry.error;
    return entry.answer;
  }

  const perform = {
    fetch: (_scope, { max_bytes: _, ...request }, _grants, info) => answer('fetch', request, info),
    store: (_scope, request, info) => answer('store', request, info),
    emit: (_scope, request, info) => answer('emit', request, info),
    hmac: (_scope, request, info) => answer('crypto.hmac', request, info),
    records: (_scope, request, info) => answer('records', request, info),
    schedule: (_scope, request, info) => answer('schedule', request, info),
    files: (_scope, request, info) => answer('files', request, info),
    log: () => {},
  } as Perform<null>;
  const missing = () => entries.filter((entry) => !seen.has(entry.n) && !isRefusal(entry)).map(({ n }) => n);
  return { perform, differences, missing };
}

function isRefusal({ error }: HostCallEntry): boolean {
  return error?.code === 'denied' || error?.code === 'invalid';
}

/** Of a fetch only where it goes counts: the form of its body may differ where a secret was masked in it. */
function isSame(entry: HostCallEntry, op: string, request: unknown): boolean {
  if (entry.op !== op) return false;
  if (op !== 'fetch') return fits(entry.request, request);
  const [before, now] = [entry.request, request] as { url: string; method: string }[];
  return before?.url === now?.url && before?.method === now?.method;
}

/** Equal, a masked secret standing for any text. */
function fits(recorded: unknown, seen: unknown): boolean {
  if (recorded === MASKED) return true;
  if (typeof recorded !== 'object' || recorded === null) return recorded === seen;
  if (typeof seen !== 'object' || seen === null || Array.isArray(recorded) !== Array.isArray(seen)) return false;
  const [before, now] = [recorded, seen] as Record<string, unknown>[];
  const names = Object.keys(before ?? {});
  return names.length === Object.keys(now ?? {}).length && names.every((name) => fits(before?.[name], now?.[name]));
}
