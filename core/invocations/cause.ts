import type { Caller } from '../http/caller.ts';
import type { Cause } from './model.ts';

/** A caller of the API as the cause of a call. */
export function causeOf(caller: Caller): Cause {
  return { kind: caller.kind, id: caller.id, label: caller.label };
}
