import { lowestLimits } from '../limits.ts';
import type { Frame } from '../protocol.ts';
import { ToChild } from '../protocol.ts';
import type { CallError, CallErrorType, CallRequest, CallResult, Limits, SandboxOptions } from '../types.ts';
import type { ActiveCall } from './active-call.ts';
import { abandonAsks, activeCall, emptyUsage, failed } from './active-call.ts';
import { Again } from './again.ts';
import { budget } from './budget.ts';
import { Heir } from './heir.ts';
import type { ImageState } from './image-state.ts';
import { Outcomes } from './outcomes.ts';
import type { Processes } from './processes.ts';
import { ensureLoaded, keepRooms, unloadFrom } from './room-keeping.ts';
import type { Ended, SandboxProcess } from './sandbox-process.ts';
import { WaitingLine } from './waiting-line.ts';

const BUSY_RETRY_S = 1;
/** How long a call that is over may still be executing before its process is ended. */
const LET_GO_MS = 100;
type Settle = (result: CallResult, done: boolean) => void;

/** Takes calls from their request to their result: queue, place, deadline, answer, and what happens when a process ends. */
export class Dispatch<Scope> {
  calls = 0;
  coldStarts = 0;
  cachedStarts = 0;
  readonly errors: Partial<Record<CallErrorType, number>> = {};
  private readonly options: SandboxOptions<Scope>;
  private readonly outcomes: Outcomes<Scope>;
  private readonly again: Again<Scope>;
  private readonly heir: Heir<Scope>;
  private readonly line: WaitingLine<Scope>;
  lastNumber = 0;

  constructor(options: SandboxOptions<Scope>, processes: Processes<Scope>) {
    this.options = options;
    this.line = new WaitingLine(processes, this);
    this.again = new Again(options, processes, this.line, this);
    this.heir = new Heir(processes, options.limits);
    this.outcomes = new Outcomes(options, this, this.again, this.heir);
  }

  /** Calls that were sent to another process, or once more to the same. */
  get resent(): number {
    return this.again.resent;
  }

  /** Gives waiting calls their place, as far as there is any. */
  pump(): void {
    this.line.pump();
  }

  /** Everything a process says about calls. Throws `ForgedFrame` for what it may not say. */
  onFrame(process: SandboxProcess<Scope>, frame: Frame): void {
    this.outcomes.onFrame(process, frame);
  }

  onReady(process: SandboxProcess<Scope>): void {
    if (process.use === 'heir') this.heir.prepare(process);
  }

  onEnd(process: SandboxProcess<Scope>, ended: Ended): void {
    // By the hand of the monitor or its own; somebody else's SIGKILL says nothing about its plugins.
    if (process.use === 'heir' && (ended.killed || ended.signal !== 'SIGKILL')) this.heir.lost(process);
    this.again.onEnd(process, ended);
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
    const { request } = call;
    call.settle = settle;
    call.usage = emptyUsage(call.attempt);
    this.calls++;
    const refusal = this.line.refuse(call);
    if (refusal) {
      this.finish(call, failed(refusal, call.usage, call.logs), true);
      return;
    }
    if (request.signal) {
      call.onAbort = () => this.giveUp(call, { type: 'cancelled', message: 'The call was cancelled' }, 2);
      request.signal.addEventListener('abort', call.onAbort, { once: true });
    }
    call.usage.bytes_in = request.args.length + request.context.length;
    this.line.add(call);
  }

  /** Hands a call to a process. */
  send(call: ActiveCall<Scope>, process: SandboxProcess<Scope>): void {
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
        this.again.strike(call.state, { type: 'killed', message: error.message }, call.request.handler);
      }
    }, LET_GO_MS);
  }

  private isBlocked(process: SandboxProcess<Scope>, call: ActiveCall<Scope>): boolean {
    const { current } = process.flight();
    return current !== 0 && current !== call.number;
  }

  /** Gives back what a call holds in its process. */
  release(call: ActiveCall<Scope>): void {
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
    if (isLast) this.line.pump();
  }
}
