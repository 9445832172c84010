import { lowestLimits } from '../limits.ts';
import type { Frame } from '../protocol.ts';
import { ForgedFrame, ToChild, ToHost } from '../protocol.ts';
import type { CallError, CallErrorType, CallRequest, CallResult, Limits, SandboxOptions } from '../types.ts';
import type { ActiveCall } from './active-call.ts';
import { abandonAsks, activeCall, emptyUsage, failed } from './active-call.ts';
import { answerAsk } from './answer-ask.ts';
import { budget } from './budget.ts';
import { endError } from './end-error.ts';
import type { ImageState } from './image-state.ts';
import type { Processes } from './processes.ts';
import { readError, readPage, refuseOutput } from './read-outcome.ts';
import { ensureLoaded, keepRooms, unloadFrom } from './room-keeping.ts';
import type { Ended, SandboxProcess } from './sandbox-process.ts';
import { isBlamed } from './strikes.ts';

const BUSY_RETRY_S = 1;
/** How long a call that is over may still be executing before its process is ended. */
const LET_GO_MS = 100;
/** A crash by one of these is V8 giving up: out of memory, unless it says otherwise. */
const CRASHES: readonly (NodeJS.Signals | null)[] = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS'];

/** Processes that may end under a call before it was entered: a process that lies could say "not entered" for ever. */
const MAX_RESENDS = 3;

type Settle = (result: CallResult, done: boolean) => void;

/** Takes calls from their request to their result: queue, place, deadline, answer, and what happens when a process ends. */
export class Dispatch<Scope> {
  calls = 0;
  resent = 0;
  coldStarts = 0;
  cachedStarts = 0;
  readonly errors: Partial<Record<CallErrorType, number>> = {};
  private readonly options: SandboxOptions<Scope>;
  private readonly processes: Processes<Scope>;
  /** Images with calls that wait, in the order in which they are served next. */
  private readonly waiting = new Set<ImageState<Scope>>();
  private lastNumber = 0;

  constructor(options: SandboxOptions<Scope>, processes: Processes<Scope>) {
    this.options = options;
    this.processes = processes;
  }

  open(state: ImageState<Scope>, request: CallRequest<Scope>, kind: ActiveCall<Scope>['kind']): ActiveCall<Scope> {
    this.lastNumber = (this.lastNumber % 0xfffffffe) + 1;
    const limits = request.limits
      ? lowestLimits(request.use, this.options.limits, state.image.limits, request.limits)
      : this.usualLimits(state, request.use);
    return activeCall(this.lastNumber, state, request, limits, kind);
  }

  private usualLimits(state: ImageState<Scope>, use: 'call' | 'job'): Limits {
    const limits = state.limits[use] ?? lowestLimits(use, this.options.limits, state.image.limits);
    state.limits[use] = limits;
    return limits;
  }

  /** Queues or starts a call; `settle` is called once for a call, once per page for a stream. */
  submit(call: ActiveCall<Scope>, settle: Settle): void {
    const { state, request } = call;
    call.settle = settle;
    call.usage = emptyUsage(call.attempt);
    this.calls++;
    const refusal = this.refuse(call);
    if (refusal) {
      this.finish(call, failed(refusal, call.usage, call.logs), true);
      return;
    }
    if (request.signal) {
      call.onAbort = () => this.giveUp(call, { type: 'cancelled', message: 'The call was cancelled' }, 2);
      request.signal.addEventListener('abort', call.onAbort, { once: true });
    }
    call.usage.bytes_in = request.args.length + request.context.length;
    state.queue.push(call);
    this.waiting.add(state);
    this.pump();
    this.waitForPlace(call);
  }

  /** A call that found no place at once waits for one no longer than it might run. */
  private waitForPlace(call: ActiveCall<Scope>): void {
    if (call.process || call.isOver) return;
    const { wall_ms } = call.limits;
    const message = `No sandbox process had a place for this call within ${wall_ms} ms`;
    const error: CallError = { type: 'busy', message, retry_after_s: BUSY_RETRY_S };
    call.deadline = setTimeout(() => this.giveUp(call, error, 1), wall_ms);
  }

  private refuse(call: ActiveCall<Scope>): CallError | null {
    const { state, request, limits } = call;
    if (request.signal?.aborted) return { type: 'cancelled', message: 'The call was cancelled' };
    if (state.isUnloaded) return { type: 'not_found', message: 'This plugin is not loaded' };
    if (state.strikes.disabled) return { type: 'unavailable', message: state.strikes.disabled };
    const size = Buffer.byteLength(request.args) + Buffer.byteLength(request.context);
    if (size > limits.payload_bytes) {
      return { type: 'too_large', message: `Arguments of ${size} bytes are over the limit of ${limits.payload_bytes}` };
    }
    if (this.processes.isDown()) {
      return { type: 'unavailable', message: 'No sandbox process could be started', retry_after_s: BUSY_RETRY_S };
    }
    if (state.queue.length >= limits.queue) {
      const message = `${state.image.name} has ${state.running.size} calls running and ${state.queue.length} waiting`;
      return { type: 'busy', message, retry_after_s: BUSY_RETRY_S };
    }
    return null;
  }

  /** Gives waiting calls their place, image by image in turn, as long as there is any. */
  pump(): void {
    let progress = true;
    while (progress && this.waiting.size > 0) {
      progress = false;
      for (const state of [...this.waiting]) {
        const call = state.queue[0];
        if (!call) {
          this.waiting.delete(state);
          continue;
        }
        if (state.running.size >= call.limits.concurrency) continue;
        const process = this.processes.pick(state, call.request.use);
        if (!process) continue;
        state.queue.shift();
        // To the end of the line.
        this.waiting.delete(state);
        if (state.queue.length > 0) this.waiting.add(state);
        this.send(call, process);
        progress = true;
      }
    }
    if (this.waiting.size > 0 && this.processes.isDown()) this.refuseWaiting();
  }

  private refuseWaiting(): void {
    const error: CallError = {
      type: 'unavailable',
      message: 'No sandbox process could be started',
      retry_after_s: BUSY_RETRY_S,
    };
    for (const state of this.waiting) {
      for (const call of state.queue.splice(0)) this.finish(call, failed(error, call.usage, call.logs), true);
    }
    this.waiting.clear();
  }

  private send(call: ActiveCall<Scope>, process: SandboxProcess<Scope>): void {
    const { state, request, limits } = call;
    const loaded = ensureLoaded(process, state, this.options.limits);
    if (!loaded.isWarm) this.coldStarts++;
    if (!loaded.isWarm && loaded.isCached) this.cachedStarts++;
    loaded.running++;
    loaded.usedAt = performance.now();
    call.process = process;
    call.place = process.nextPlace();
    call.wasHeard = false;
    state.running.add(call);
    process.calls.set(call.number, call);
    this.startClock(call);
    const flag = call.kind === 'stream' ? 1 : call.kind === 'inspect' ? 2 : 0;
    process.send({ kind: ToChild.call, call: call.number, ticket: state.number, a: call.place, flag }, [
      request.handler,
      request.args,
      request.context,
      budget(limits),
    ]);
  }

  private startClock(call: ActiveCall<Scope>): void {
    if (call.deadline) clearTimeout(call.deadline);
    call.began = performance.now();
    const { wall_ms } = call.limits;
    const error: CallError = { type: 'timeout', message: `${call.request.handler} took longer than ${wall_ms} ms` };
    call.deadline = setTimeout(() => this.giveUp(call, error, 1), wall_ms);
  }

  /** Next page of an open stream. */
  next(call: ActiveCall<Scope>, settle: Settle): void {
    if (call.isOver || !call.process) {
      const error: CallError = { type: 'killed', message: 'The stream has ended' };
      settle(failed(error, call.usage, call.logs), true);
      return;
    }
    this.calls++;
    call.settle = settle;
    call.usage = emptyUsage(call.attempt);
    call.logs = [];
    call.logBytes = 0;
    call.received = 0;
    call.asked = 0;
    this.startClock(call);
    call.process.send({ kind: ToChild.next, call: call.number }, [budget(call.limits)]);
  }

  /** The host does not wait any longer. A process that goes on executing the call all the same is ended. */
  giveUp(call: ActiveCall<Scope>, error: CallError, flag: number): void {
    if (call.isOver) return;
    const { process } = call;
    if (!process) {
      call.state.queue = call.state.queue.filter((other) => other !== call);
      this.finish(call, failed(error, call.usage, call.logs), true);
      return;
    }
    const before = process.flight();
    process.send({ kind: ToChild.end, call: call.number, flag }, []);
    const isExecuting = before.current === call.number;
    const neverEntered = !call.wasHeard && !isExecuting && error.type === 'timeout' && this.isBlocked(process, call);
    const told: CallError = neverEntered
      ? { type: 'starved', message: `${call.request.handler} found no time to run`, retry_after_s: BUSY_RETRY_S }
      : error;
    this.finish(call, failed(told, call.usage, call.logs), true);
    if (!isExecuting) return;
    setTimeout(() => {
      const after = process.flight();
      if (after.entry === before.entry && after.current === before.current) {
        process.kill({ reason: 'deadline', guilty: before.current });
        this.strike(call.state, { type: 'killed', message: error.message }, call.request.handler);
      }
    }, LET_GO_MS);
  }

  private isBlocked(process: SandboxProcess<Scope>, call: ActiveCall<Scope>): boolean {
    const { current } = process.flight();
    return current !== 0 && current !== call.number;
  }

  /** Everything a process says about calls. Throws `ForgedFrame` for what it may not say. */
  onFrame(process: SandboxProcess<Scope>, frame: Frame): void {
    if (frame.kind === ToHost.cache) {
      this.keepCache(process, frame);
      return;
    }
    const call = process.calls.get(frame.call);
    // A call that the host gave up on may still have words on their way.
    if (!call) {
      if (frame.call === 0 || frame.call > this.lastNumber) throw new ForgedFrame(`a message of call ${frame.call}`);
      return;
    }
    call.wasHeard = true;
    if (frame.kind === ToHost.ask) answerAsk(call, frame, this.options);
    else if (frame.kind === ToHost.done) this.onDone(process, call, frame);
    else throw new ForgedFrame(`a message of kind ${frame.kind}`);
  }

  private keepCache(process: SandboxProcess<Scope>, frame: Frame): void {
    const loaded = process.loaded.get(frame.call);
    const bytes = frame.parts[0];
    if (!loaded || !bytes) return;
    if (loaded.state.cache || !loaded.state.cacheAsked) throw new ForgedFrame('a code cache that nobody asked for');
    loaded.state.cache = Uint8Array.from(bytes);
  }

  private onDone(process: SandboxProcess<Scope>, call: ActiveCall<Scope>, frame: Frame): void {
    const bytes = frame.parts[0];
    if (!bytes || frame.parts.length !== 1 || !call.settle) throw new ForgedFrame('an end that nobody waits for');
    const isFailed = (frame.flag & 1) !== 0;
    const isGone = (frame.flag & 2) !== 0;
    call.usage.cpu_ms = frame.a / 1000;
    call.usage.heap_bytes = frame.b * 1024;
    const loaded = process.loaded.get(call.state.number);
    if (loaded) {
      loaded.isWarm = !isGone;
      loaded.heap_kb = isGone ? 0 : frame.b;
    }
    if (isFailed) this.onFailure(process, call, bytes.toString('utf8'), (frame.flag & 8) !== 0);
    else this.onOutput(call, bytes, (frame.flag & 4) !== 0);
  }

  private onOutput(call: ActiveCall<Scope>, bytes: Buffer, isLast: boolean): void {
    call.usage.bytes_out += bytes.length;
    const refused = refuseOutput(bytes, call.limits);
    if (refused) {
      if (!isLast) call.process?.send({ kind: ToChild.end, call: call.number, flag: 3 }, []);
      this.finish(call, failed(refused, call.usage, call.logs), true);
      return;
    }
    const text = bytes.toString('utf8');
    if (call.kind !== 'stream') {
      this.finish(call, { ok: true, output: text, usage: call.usage, logs: call.logs }, true);
      return;
    }
    const page = readPage(text);
    if (page.done !== isLast) throw new ForgedFrame('a page that contradicts itself');
    this.finish(call, { ok: true, output: page.value, usage: call.usage, logs: call.logs }, isLast);
  }

  private onFailure(process: SandboxProcess<Scope>, call: ActiveCall<Scope>, json: string, isOwn: boolean): void {
    const error = readError(json, isOwn, call.state.image, call.usage);
    if (error.type === 'lost') {
      this.resendOrFail(call, true, { type: 'killed', message: 'Another call of this plugin ended its isolate' });
      return;
    }
    if (!isOwn && call.kind === 'stream') process.send({ kind: ToChild.end, call: call.number, flag: 3 }, []);
    // Starved before it did anything: nothing is lost by another try.
    const didNothing = call.asked === 0 && call.logs.length === 0;
    if (error.type === 'starved' && call.attempt === 1 && call.kind === 'call' && didNothing) {
      this.resend(call);
      return;
    }
    if (isOwn && isBlamed(error.type)) this.strike(call.state, error, call.request.handler);
    this.finish(call, failed(error, call.usage, call.logs), true);
  }

  /** A process has ended: the guilty call is told why, the others are run again where that is safe. */
  onEnd(process: SandboxProcess<Scope>, ended: Ended): void {
    const { flight, killed } = ended;
    const crashed = !killed && (CRASHES.includes(ended.signal) || (ended.code !== null && ended.code !== 0));
    const guilty = killed ? killed.guilty : crashed ? flight.current : 0;
    const error = endError(ended, crashed);
    // A process that lies may name anyone: all that were in it are suspects, and soon each is alone.
    const isForged = killed?.reason.startsWith('forged') === true;
    const suspects = new Map([...process.calls.values()].map((call) => [call.state, call]));
    if (isForged) for (const [state, call] of suspects) this.strike(state, error, call.request.handler);
    for (const call of [...process.calls.values()]) {
      if (call.number === guilty && !isForged) {
        this.strike(call.state, error, call.request.handler);
        this.finish(call, failed(error, call.usage, call.logs), true);
        continue;
      }
      const wasEntered = call.wasHeard || call.place <= flight.lastPlace;
      this.resendOrFail(call, wasEntered, { type: 'killed', message: 'The sandbox process of this call ended' });
    }
    if (!killed && ended.wasReady) {
      const fields = { code: ended.code, signal: ended.signal, stderr: ended.stderr.slice(-2000) };
      this.options.log?.('warn', 'A sandbox process ended by itself', fields);
    }
  }

  private resendOrFail(call: ActiveCall<Scope>, wasEntered: boolean, error: CallError): void {
    const mayRepeat = wasEntered ? call.request.idempotent === true && call.attempt === 1 : call.resends < MAX_RESENDS;
    if (call.kind !== 'call' || !mayRepeat) {
      this.finish(call, failed(error, call.usage, call.logs), true);
      return;
    }
    if (wasEntered) call.attempt = 2;
    this.resend(call);
  }

  /** Back to the head of its queue. */
  private resend(call: ActiveCall<Scope>): void {
    if (call.attempt === 1 && call.wasHeard) call.attempt = 2;
    this.resent++;
    call.resends++;
    this.release(call);
    call.usage = emptyUsage(call.attempt);
    call.logs = [];
    call.logBytes = 0;
    call.received = 0;
    call.asked = 0;
    call.lastTicket = 0;
    call.hasJournal = false;
    call.state.queue.unshift(call);
    this.waiting.add(call.state);
    this.pump();
    this.waitForPlace(call);
  }

  private strike(state: ImageState<Scope>, error: CallError, handler: string): void {
    const strike = state.strikes.add(error.type, error.message, handler, Date.now());
    if (strike.action !== 'noted') {
      for (const process of this.processes.all) if (process.owner !== state) unloadFrom(process, state);
    }
    this.options.onStrike?.(state.image.id, strike);
  }

  /** Gives back what a call holds in its process. */
  private release(call: ActiveCall<Scope>): void {
    const { process, state } = call;
    if (call.deadline) clearTimeout(call.deadline);
    abandonAsks(call);
    state.running.delete(call);
    if (!process) return;
    process.calls.delete(call.number);
    if (process.calls.size === 0) process.idleSince = Date.now();
    const loaded = process.loaded.get(state.number);
    if (loaded) {
      loaded.running--;
      if (state.isUnloaded && loaded.running === 0) unloadFrom(process, state);
      else keepRooms(process, loaded, call.limits.heap_mb);
    }
    call.process = null;
  }

  /** Settles a call or a page. `isLast`: nothing follows, and what it held is given back. */
  finish(call: ActiveCall<Scope>, result: CallResult, isLast: boolean): void {
    const { settle } = call;
    call.settle = null;
    call.usage.wall_ms = call.began === 0 ? 0 : Math.round((performance.now() - call.began) * 100) / 100;
    if (call.deadline) clearTimeout(call.deadline);
    if (!result.ok) this.errors[result.error.type] = (this.errors[result.error.type] ?? 0) + 1;
    if (isLast && !call.isOver) {
      call.isOver = true;
      if (call.onAbort) call.request.signal?.removeEventListener('abort', call.onAbort);
      this.release(call);
    }
    settle?.(result, isLast);
    if (isLast && this.waiting.size > 0) this.pump();
  }
}
