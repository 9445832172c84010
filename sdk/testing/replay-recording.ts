import { type CallResult, type Difference, type LogLine, type Recording, replay } from '../../sandbox/index.ts';
import { StreamDigest } from '../contract/stream-digest.ts';
import { type Packed, pack, toScriptWithMap } from '../package/index.ts';

/** What stands in a recording in place of a secret. */
const masked = '••••';
/** Of a stream that failed, the recording does not say how many batches came before. */
const mostBatches = 10_000;

/** How a call ended. */
export type Outcome =
  | {
      ok: true;
      output: unknown;
      /** It asked to be called again; the output is `{ after_s, state }`. */
      again?: true;
    }
  | { ok: false; error: { type: string; name?: string | undefined; message: string; stack?: string | undefined } };

/** A call as a host recorded it: `GET /invocations/{id}/recording`. */
export interface RecordedCall extends Recording {
  plugin: string;
  version: string;
  started_at?: string;
  /** The end of `host_calls` or `clock` is missing. */
  is_cut?: boolean;
  outcome: Outcome;
}

export interface ReplayedCall {
  outcome: Outcome;
  /** It ended as it was recorded, and asked the host for the same. */
  is_same: boolean;
  /** Requests that differ from the recorded ones. */
  differences: Difference[];
  /** Recorded host calls that were not made, by their place. */
  missing: number[];
  logs: LogLine[];
  /** What it went otherwise in, a line each; empty when `is_same`. */
  summary: string[];
}

/**
 * Runs a recorded call again in the real sandbox: arguments, settings, random values, the clock and every answer of the
 * host come from the recording, so that neither host nor vendor is needed. The same code ends in the same way.
 *
 * @example
 * const replayed = await replayRecording({ folder: import.meta.dirname, recording })
 * assert.ok(replayed.outcome.ok)
 *
 * @throws {Failure} when the plugin cannot be packed
 */
export async function replayRecording(options: {
  folder?: string;
  packed?: Pick<Packed, 'manifest' | 'files'>;
  recording: RecordedCall;
}): Promise<ReplayedCall> {
  const { manifest, files } = options.packed ?? (await pack(options.folder ?? '.'));
  const { recording } = options;
  const code = await toScriptWithMap(files.get('plugin.js') ?? '', files.get('plugin.js.map'));
  const clock = recording.clock.length > 0 ? recording.clock : [Date.parse(recording.started_at ?? '') || 0];
  const batches = recording.outcome.ok ? Number(Object(recording.outcome.output).batches ?? 0) : mostBatches;
  const again = () =>
    replay(
      { ...recording, clock, batches },
      {
        name: manifest.name,
        version: manifest.version,
        ...code,
        ...(manifest.limits ? { limits: manifest.limits } : {}),
      },
    );
  let replayed = await again();
  // What never began for want of CPU time is begun again: a busy machine is no fault of the plugin.
  for (let tries = 1; isStarved(replayed.result) && tries < 5; tries++) replayed = await again();
  const { result, differences, missing } = replayed;
  const outcome: Outcome = result.ok
    ? { ok: true, output: JSON.parse(result.output || 'null'), ...(result.again && { again: true }) }
    : { ok: false, error: result.error };
  const summary = [
    ...otherEnd(recording, outcome),
    ...differences.map(({ n, expected, seen }) => `host call ${n}: was ${said(expected)}, is ${said(seen)}`),
    ...missing.map((n) => `host call ${n}: ${said(recording.host_calls.find((call) => call.n === n))} was not made`),
  ];
  return { outcome, is_same: summary.length === 0, differences, missing, logs: result.logs, summary };
}

function isStarved(result: CallResult): boolean {
  return !result.ok && result.error.type === 'starved';
}

function otherEnd({ outcome: before, handler }: RecordedCall, now: Outcome): string[] {
  if (before.ok && now.ok && before.again === now.again) {
    const isStream = handler.startsWith('streams.');
    if (isStream) return otherBatches(Object(before.output), now.output as unknown[]);
    const [was, is] = [before.output ?? null, now.output];
    return fits(was, is) ? [] : [`output: was ${JSON.stringify(was)}, is ${JSON.stringify(is)}`];
  }
  const isSame =
    !before.ok &&
    !now.ok &&
    before.error.type === now.error.type &&
    (before.error.name ?? null) === (now.error.name ?? null) &&
    before.error.message === now.error.message;
  return isSame ? [] : [`end: was ${endOf(before)}, is ${endOf(now)}`];
}

/** A recording holds no records, but how many batches there were and what they come down to. */
function otherBatches(before: { batches?: number; digest?: string | null }, now: unknown[]): string[] {
  if (before.batches !== now.length) return [`batches: were ${before.batches}, are ${now.length}`];
  if (!before.digest) return [];
  const digest = new StreamDigest();
  for (const batch of now) digest.add(batch);
  return digest.end() === before.digest ? [] : ['batches: they are as many, and hold something else'];
}

function endOf(outcome: Outcome): string {
  if (outcome.ok) return outcome.again ? 'to be called again' : 'success';
  return `${outcome.error.name ?? outcome.error.type}: ${outcome.error.message}`;
}

function said(call: { op: string; request: unknown } | null | undefined): string {
  if (!call) return 'nothing';
  const { method, url, ...rest } = Object(call.request);
  return url === undefined ? `${call.op} ${JSON.stringify(rest)}` : `${call.op} ${method ?? 'GET'} ${url}`;
}

/** Equal, a masked secret standing for any text. */
function fits(recorded: unknown, seen: unknown): boolean {
  if (recorded === masked) return typeof seen === 'string';
  if (typeof recorded !== 'object' || recorded === null) return recorded === seen;
  if (typeof seen !== 'object' || seen === null || Array.isArray(recorded) !== Array.isArray(seen)) return false;
  const [before, now] = [recorded, seen] as Record<string, unknown>[];
  const names = Object.keys(before ?? {});
  return names.length === Object.keys(now ?? {}).length && names.every((name) => fits(before?.[name], now?.[name]));
}
