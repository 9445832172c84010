import type { Budget } from '../protocol.ts';
import type { Limits } from '../types.ts';

const budgets = new WeakMap<Limits, string>();

/** What a call may use, as the sandbox process reads it; the same text for the same limits. */
export function budget(limits: Limits): string {
  let text = budgets.get(limits);
  if (text === undefined) {
    const { cpu_ms, wall_ms, host_calls, host_calls_at_once, timers, payload_bytes, log_lines, log_bytes } = limits;
    const told: Budget = {
      cpu_ms,
      wall_ms,
      host_calls,
      at_once: host_calls_at_once,
      timers,
      payload_bytes,
      log_lines,
      log_bytes,
    };
    text = JSON.stringify(told);
    budgets.set(limits, text);
  }
  return text;
}
