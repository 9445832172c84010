import type { CallError, CallResult } from '../types.ts';
import type { ActiveCall } from './active-call.ts';
import { failed } from './active-call.ts';
import type { ImageState } from './image-state.ts';
import type { Processes } from './processes.ts';
import type { SandboxProcess } from './sandbox-process.ts';

const BUSY_RETRY_S = 1;
const DOWN: CallError = {
  type: 'unavailable',
  message: 'No sandbox process could be started',
  retry_after_s: BUSY_RETRY_S,
};

/** What the line needs of the dispatch. */
interface Hub<Scope> {
  send(call: ActiveCall<Scope>, process: SandboxProcess<Scope>): void;
  giveUp(call: ActiveCall<Scope>, error: CallError, flag: number): void;
  finish(call: ActiveCall<Scope>, result: CallResult, isLast: boolean): void;
}

/** Calls that wait for a place in a process: who is let in, who is next, and who waited long enough. */
export class WaitingLine<Scope> {
  private readonly processes: Processes<Scope>;
  private readonly hub: Hub<Scope>;
  /** Images with calls that wait, in the order in which they are served next. */
  private readonly waiting = new Set<ImageState<Scope>>();

  constructor(processes: Processes<Scope>, hub: Hub<Scope>) {
    this.processes = processes;
    this.hub = hub;
  }

  /** To the end of its plugin's queue. */
  add(call: ActiveCall<Scope>): void {
    call.state.queue.push(call);
    this.place(call);
  }

  /** To the head of it: a call that had its turn and is sent again. */
  addFirst(call: ActiveCall<Scope>): void {
    call.state.queue.unshift(call);
    this.place(call);
  }

  private place(call: ActiveCall<Scope>): void {
    this.waiting.add(call.state);
    this.pump();
    this.waitForPlace(call);
  }

  /** A call that found no place at once waits for one no longer than it might run. */
  private waitForPlace(call: ActiveCall<Scope>): void {
    if (call.process || call.isOver) return;
    const { wall_ms } = call.limits;
    const message = `No sandbox process had a place for this call within ${wall_ms} ms`;
    const error: CallError = { type: 'busy', message, retry_after_s: BUSY_RETRY_S };
    call.deadline = setTimeout(() => this.hub.giveUp(call, error, 1), wall_ms);
  }

  /** Why a call may not even wait; null when it may. */
  refuse(call: ActiveCall<Scope>): CallError | null {
    const { state, request, limits } = call;
    if (request.signal?.aborted) return { type: 'cancelled', message: 'The call was cancelled' };
    if (state.isUnloaded) return { type: 'not_found', message: 'This plugin is not loaded' };
    if (state.strikes.disabled) return { type: 'unavailable', message: state.strikes.disabled };
    const size = Buffer.byteLength(request.args) + Buffer.byteLength(request.context);
    if (size > limits.payload_bytes) {
      return { type: 'too_large', message: `Arguments of ${size} bytes are over the limit of ${limits.payload_bytes}` };
    }
    if (this.processes.isDown()) return DOWN;
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
        this.hub.send(call, process);
        progress = true;
      }
    }
    if (this.waiting.size > 0 && this.processes.isDown()) this.refuseWaiting();
  }

  private refuseWaiting(): void {
    for (const state of this.waiting) {
      for (const call of state.queue.splice(0)) this.hub.finish(call, failed(DOWN, call.usage, call.logs), true);
    }
    this.waiting.clear();
  }
}
