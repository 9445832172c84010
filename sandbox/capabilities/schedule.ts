import type { Grant } from '../types.ts';
import type { Verdict } from './verdict.ts';
import { denied, invalid, isObject, short } from './verdict.ts';

/** `ctx.schedule`: needs `schedule`. What may be asked for is the host's own schema. */
export function judgeSchedule(grants: readonly Grant[], value: unknown): Verdict<Record<string, unknown>> {
  if (!grants.some((grant) => grant.name === 'schedule')) {
    return denied('schedule', 'schedule', 'This plugin was not granted "schedule"');
  }
  if (!isObject(value)) return invalid('schedule', 'schedule', 'ctx.schedule takes what to call, and when');
  return { ok: true, permission: 'schedule', detail: short(value.handler ?? 'schedule', 60), request: value };
}
