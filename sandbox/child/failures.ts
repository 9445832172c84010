import type { Budget } from '../protocol.ts';
import { LoadFailed, Stopped } from './engine.ts';
import type { LoadedImage } from './rooms.ts';

/** Under this share of the CPU it may use, a call that ran into the clock was starved by the machine. */
const STARVED_BELOW = 0.9;

/** What ends a call from this side. `type` is a `CallErrorType`, or `lost`: its isolate went with another call. */
export interface Failure {
  type: string;
  name?: string;
  message: string;
  stack?: string;
}

/** Why the engine, or the clock, ended a call. */
export function stopFailure(
  call: { handler: string; budget: Budget; image: LoadedImage },
  why: Stopped,
  byCpu: boolean,
  cpu_ms: number,
): Failure {
  if (why.reason === 'memory') {
    return { type: 'memory_limit', message: `The plugin used more than ${call.image.options.heap_mb} MB of memory` };
  }
  if (!byCpu) return { type: 'timeout', message: `${call.handler} took longer than ${call.budget.wall_ms} ms` };
  if (cpu_ms < call.budget.cpu_ms * STARVED_BELOW) {
    return { type: 'starved', message: `The machine was too busy to run ${call.handler}: try again` };
  }
  return { type: 'cpu_limit', message: `${call.handler} used more than ${call.budget.cpu_ms} ms of CPU time` };
}

/** Why a plugin could not be loaded. */
export function loadFailure(error: unknown, limit_ms: number): Failure {
  if (error instanceof LoadFailed) {
    const { name, message, stack } = error.thrown;
    return { type: 'threw', name, message: `The plugin could not be loaded: ${message}`, stack };
  }
  if (error instanceof Stopped && error.reason === 'memory') {
    return { type: 'memory_limit', message: 'The plugin used too much memory while it was loaded' };
  }
  if (error instanceof Stopped && error.reason === 'time') {
    return { type: 'cpu_limit', message: `The plugin took longer than ${Math.round(limit_ms)} ms to load` };
  }
  return { type: 'unavailable', message: 'The sandbox could not make an isolate' };
}
