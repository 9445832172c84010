import { judgeHmac } from '../capabilities/crypto.ts';
import { judgeEmit } from '../capabilities/emit.ts';
import { judgeFetchRequest } from '../capabilities/fetch.ts';
import { judgeFiles } from '../capabilities/files.ts';
import { readLogLine } from '../capabilities/log.ts';
import { judgeRecords } from '../capabilities/records.ts';
import { judgeSchedule } from '../capabilities/schedule.ts';
import { judgeStore } from '../capabilities/store.ts';
import type { Verdict } from '../capabilities/verdict.ts';
import { invalid } from '../capabilities/verdict.ts';
import type { Frame } from '../protocol.ts';
import { ForgedFrame, MAX_BODY_BYTES, OP_NAMES, Op, ToChild } from '../protocol.ts';
import type {
  EmitRequest,
  FetchAnswer,
  FetchRequest,
  Grant,
  HmacRequest,
  Journal,
  Perform,
  PerformInfo,
  SandboxOptions,
  StoreRequest,
} from '../types.ts';
import type { ActiveCall } from './active-call.ts';
import { checkJson } from './check-json.ts';

/** Room for escapes and for what surrounds a payload. */
const ASK_OVERHEAD = 64 * 1024;

type Judge = (grants: readonly Grant[], value: unknown) => Verdict<unknown>;

/** The judge of each operation. What is not in this table does not exist. */
const JUDGES: Readonly<Record<number, Judge>> = {
  [Op.fetch]: judgeFetchRequest,
  [Op.store]: judgeStore,
  [Op.emit]: judgeEmit,
  [Op.hmac]: (_grants, value) => judgeHmac(value),
  [Op.records]: judgeRecords,
  [Op.schedule]: judgeSchedule,
  [Op.files]: judgeFiles,
};

/**
 * A sandbox process asks something for a call: counted, judged by the host's own records of that call, performed, answered.
 * Throws `ForgedFrame` for what our own runtime would never send.
 */
export function answerAsk<Scope>(call: ActiveCall<Scope>, frame: Frame, options: SandboxOptions<Scope>): void {
  const text = frame.parts[0];
  if (!text || frame.parts.length !== 1) throw new ForgedFrame('an ask without its request');
  call.usage.bytes_out += text.length;
  if (frame.flag === Op.log) {
    takeLog(call, text, options);
    return;
  }
  if (frame.flag === Op.journal) {
    takeJournal(call, text, options);
    return;
  }
  const judge = JUDGES[frame.flag];
  if (!judge) throw new ForgedFrame(`an ask for operation ${frame.flag}`);
  if (text.length > call.limits.payload_bytes * 2 + ASK_OVERHEAD) throw new ForgedFrame('an ask that is too large');
  if (++call.asked > call.limits.host_calls) throw new ForgedFrame('more host calls than the call has');
  if (call.pending.size >= call.limits.host_calls_at_once)
    throw new ForgedFrame('more host calls at once than allowed');
  if (frame.ticket <= call.lastTicket) throw new ForgedFrame('a ticket that was used');
  call.lastTicket = frame.ticket;
  const problem = checkJson(text, call.limits);
  const value: unknown = problem ? null : JSON.parse(text.toString('utf8'));
  const refuse: Judge = () => invalid(OP_NAMES[frame.flag] ?? '', '', `The request ${problem}`);
  perform(call, frame.flag, frame.ticket, value, problem ? refuse : judge, options);
}

function takeLog<Scope>(call: ActiveCall<Scope>, text: Buffer, options: SandboxOptions<Scope>): void {
  const line = readLogLine(JSON.parse(text.toString('utf8')), new Date());
  // Two beyond the limit: how many lines were dropped, and the first error that nobody handled.
  call.logBytes += text.length;
  const isFlood =
    call.logs.length > call.limits.log_lines + 1 || call.logBytes > call.limits.log_bytes * 4 + ASK_OVERHEAD;
  // A serialiser downstream may be recursive: what is that deep is said, not kept.
  if (line?.fields && checkJson(text, call.limits))
    line.fields = { dropped: `nested deeper than ${call.limits.depth}` };
  if (!line || isFlood) throw new ForgedFrame('a log line that our runtime would not send');
  call.logs.push(line);
  options.perform.log(call.request.scope, line);
}

const MOST_READS = 10_000;

function takeJournal<Scope>(call: ActiveCall<Scope>, text: Buffer, options: SandboxOptions<Scope>): void {
  const value: unknown = JSON.parse(text.toString('utf8'));
  const { clock, is_cut } = (value ?? {}) as Partial<Journal>;
  const isSound = Array.isArray(clock) && clock.length <= MOST_READS && clock.every((read) => Number.isFinite(read));
  if (!isSound || typeof is_cut !== 'boolean' || call.hasJournal) {
    throw new ForgedFrame('a journal that our runtime would not send');
  }
  call.hasJournal = true;
  options.onJournal?.(call.request.scope, { clock, is_cut });
}

async function perform<Scope>(
  call: ActiveCall<Scope>,
  op: number,
  ticket: number,
  value: unknown,
  judge: Judge,
  options: SandboxOptions<Scope>,
): Promise<void> {
  const name = OP_NAMES[op] ?? String(op);
  const n = ++call.placed;
  const verdict = judge(call.grants, value);
  const { permission, detail } = verdict;
  const began = performance.now();
  const finish = (outcome: Outcome) => {
    const ms = Math.round((performance.now() - began) * 100) / 100;
    const at_ms = Math.round((began - call.began) * 100) / 100;
    call.usage.host_calls.push({ op: name, detail, ok: outcome.ok, ms, at_ms, permission });
    if (!outcome.ok && outcome.error.code === 'denied') call.usage.denied.push({ permission, detail });
    if (options.onHostCall) {
      const told = outcome.ok ? { answer: outcome.answer } : { error: outcome.error };
      options.onHostCall(call.request.scope, { n, attempt: call.attempt, op: name, request: value, ...told, ms });
    }
    reply(call, ticket, op, outcome);
  };
  if (!verdict.ok) {
    finish({ ok: false, error: { code: verdict.code, message: verdict.message } });
    return;
  }
  const abort = new AbortController();
  call.pending.set(ticket, { op: name, permission, abort, isStillAllowed: (grants) => judge(grants, value).ok });
  const outcome = await settled(
    run(call, op, verdict.request, options.perform, { n, signal: abort.signal }),
    abort.signal,
    (error) => {
      const stack = error instanceof Error ? error.stack : String(error);
      options.log?.('error', 'The host failed at what a plugin asked for', { op: name, stack });
    },
  );
  if (!call.pending.delete(ticket)) return;
  const still = judge(call.grants, value);
  finish(still.ok ? outcome : { ok: false, error: { code: 'denied', message: still.message } });
}

type Outcome = { ok: true; answer: unknown } | { ok: false; error: { code: string; message: string } };

const UNAVAILABLE = { code: 'unavailable', message: 'This host does not offer that' };

async function run<Scope>(
  call: ActiveCall<Scope>,
  op: number,
  request: unknown,
  host: Perform<Scope>,
  info: PerformInfo,
): Promise<unknown> {
  const { scope } = call.request;
  if (op === Op.fetch) {
    const asked = request as FetchRequest;
    const left = Math.max(0, call.limits.received_bytes - call.received);
    const capped = { ...asked, max_bytes: Math.min(asked.max_bytes ?? left, left) };
    return await host.fetch(scope, capped, call.network, info);
  }
  if (op === Op.store) return await host.store(scope, request as StoreRequest, info);
  if (op === Op.emit) return await host.emit(scope, request as EmitRequest, info);
  if (op === Op.hmac && host.hmac) return await host.hmac(scope, request as HmacRequest, info);
  if (op === Op.records && host.records) return await host.records(scope, request, info);
  if (op === Op.schedule && host.schedule) return await host.schedule(scope, request, info);
  if (op === Op.files && host.files) return await host.files(scope, request, info);
  throw UNAVAILABLE;
}

/** `onTrouble` hears of errors whose words may not cross: they are the host's own, and nobody else would see them. */
function settled(
  promise: Promise<unknown>,
  signal: AbortSignal,
  onTrouble: (error: unknown) => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const aborted = () => resolve({ ok: false, error: { code: 'aborted', message: 'The call has ended' } });
    signal.addEventListener('abort', aborted, { once: true });
    promise.then(
      (answer) => resolve({ ok: true, answer }),
      (error: unknown) => {
        const told = mapError(error);
        if (told === FAILED && !signal.aborted) onTrouble(error);
        resolve({ ok: false, error: told });
      },
    );
  });
}

const FAILED = { code: 'failed', message: 'The host could not do this' };

/** A code of ours with its message, or nothing: a Node error's message may hold addresses and paths of the host. */
function mapError(error: unknown): { code: string; message: string } {
  if (typeof error === 'object' && error !== null) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (typeof code === 'string' && /^[a-z][a-z0-9_]{0,59}$/.test(code) && typeof message === 'string') {
      return { code, message: message.slice(0, 2000) };
    }
  }
  return FAILED;
}

function reply<Scope>(call: ActiveCall<Scope>, ticket: number, op: number, outcome: Outcome): void {
  let flag = outcome.ok ? 0 : 1;
  let head = JSON.stringify(outcome.ok ? (outcome.answer ?? null) : outcome.error);
  let body: Uint8Array = new Uint8Array(0);
  if (outcome.ok && op === Op.fetch) {
    const { body: text, body_encoding, ...rest } = outcome.answer as FetchAnswer;
    body = Buffer.from(text, body_encoding === 'base64' ? 'base64' : 'utf8');
    head = JSON.stringify({ ...rest, length: body.length });
    if (body_encoding === 'base64') flag |= 2;
  }
  const size = Buffer.byteLength(head) + body.length;
  if (call.received + size > call.limits.received_bytes || size > MAX_BODY_BYTES - 1024) {
    const message = `The answer is over the ${call.limits.received_bytes} bytes that a call may receive in all`;
    head = JSON.stringify({ code: 'too_large', message });
    body = new Uint8Array(0);
    flag = 1;
  } else call.received += size;
  call.usage.bytes_in += Buffer.byteLength(head) + body.length;
  call.process?.send({ kind: ToChild.reply, call: call.number, ticket, flag }, [head, body]);
}
