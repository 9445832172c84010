import { SandboxError } from '../../sandbox/index.ts';
import type { CallError, LogLine, Usage } from '../../sandbox/types.ts';
import { StreamDigest } from '../../sdk/contract/stream-digest.ts';
import { failureOf, type InvokeRequest, prepareCall } from './invoke.ts';
import { readOutput } from './read-output.ts';
import { recordInvocation } from './record-invocation.ts';
import { sandbox } from './sandbox.ts';

/** A stream handler being read batch by batch. */
export interface InvokedStream extends AsyncIterable<unknown> {
  invocation_id: string;
  /** One batch; `done` when the generator ended. @throws Failure as `invoke` */
  next(): Promise<IteratorResult<unknown, undefined>>;
  /** Ends the generator and writes the invocation down. Never throws. */
  return(): Promise<IteratorResult<unknown, undefined>>;
}

/**
 * Opens a stream handler. Each `next()` is one timed call into the sandbox; all of them are one invocation, which is
 * written down when the stream ends, fails, or is left.
 */
export async function invokeStream(request: InvokeRequest): Promise<InvokedStream> {
  const call = await prepareCall({ ...request, use: request.use ?? 'job' });
  const stream = sandbox().stream(call.request);
  const total = emptyUsage();
  const logs: LogLine[] = [];
  const digest = call.recorder && new StreamDigest();
  let pages = 0;
  let isOver = false;

  async function finish(error: CallError | null): Promise<void> {
    if (isOver) return;
    isOver = true;
    const duration_ms = Date.now() - call.started_at.getTime();
    const output = { batches: pages, ...(digest && { digest: digest.end() }) };
    const result = error
      ? ({ ok: false, error, usage: total, logs } as const)
      : ({ ok: true, output: JSON.stringify(output), usage: total, logs } as const);
    await recordInvocation(call, result, duration_ms, output);
  }

  const iterator: InvokedStream = {
    invocation_id: call.invocation_id,
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      if (isOver) return { done: true, value: undefined };
      try {
        const page = await stream.next();
        addUsage(total, page.usage);
        if (page.done) {
          await finish(null);
          return { done: true, value: undefined };
        }
        const { result, output } = readOutput({ ok: true, output: page.value, usage: page.usage, logs: page.logs });
        if (!result.ok) throw new SandboxError(result.error);
        pages += 1;
        digest?.add(output);
        return { done: false, value: output };
      } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        if (error.usage) addUsage(total, error.usage);
        await finish(error.error);
        throw failureOf(call, error.error);
      }
    },
    async return() {
      await stream.return();
      await finish(null);
      return { done: true, value: undefined };
    },
  };
  return iterator;
}

function emptyUsage(): Usage {
  return {
    wall_ms: 0,
    cpu_ms: 0,
    heap_bytes: 0,
    bytes_in: 0,
    bytes_out: 0,
    host_calls: [],
    denied: [],
    attempt: 1,
  };
}

function addUsage(total: Usage, page: Usage): void {
  total.wall_ms += page.wall_ms;
  total.cpu_ms += page.cpu_ms;
  total.bytes_in += page.bytes_in;
  total.bytes_out += page.bytes_out;
  total.heap_bytes = Math.max(total.heap_bytes, page.heap_bytes);
  total.host_calls.push(...page.host_calls.slice(0, 200 - total.host_calls.length));
  total.denied.push(...page.denied.slice(0, 50 - total.denied.length));
}
