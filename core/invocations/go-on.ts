import type { CallResult } from '../../sandbox/types.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { newId } from '../database/id.ts';
import type { PreparedCall } from './invoke.ts';
import type { LaterAction } from './later-action.ts';
import { readOutput } from './read-output.ts';

const mostSeconds = 86_400;
const mostStateBytes = 65_536;
const mostCalls = 1_000;
const mostDays = 7;

/** The call that an action asked for, and how long it waits. */
export interface NextCall {
  after_ms: number;
  data: LaterAction;
}

/** How a call ended, its output read; `next` when it is an action that asked to be called again. */
export interface ReadAnswer {
  result: CallResult;
  output: unknown;
  next: NextCall | null;
}

/**
 * Reads what came of a call. What `again()` of the SDK said is judged here: a plugin's word may be anything, and an action
 * must not go on without end.
 */
export function readAnswer(call: PreparedCall, given: CallResult): ReadAnswer {
  const { result, output } = readOutput(given);
  if (!result.ok || !result.again) return { result, output, next: null };
  const problem = problemOf(call, output);
  if (problem === null) return { result, output, next: nextOf(call, output as Asked) };
  const { usage, logs } = result;
  return {
    result: { ok: false, error: { type: 'bad_answer', message: problem }, usage, logs },
    output: null,
    next: null,
  };
}

interface Asked {
  after_s: number;
  state?: unknown;
}

function problemOf({ invoke }: PreparedCall, output: unknown): string | null {
  if (!invoke.handler.startsWith('actions.')) return 'again() is for actions; a stream waits with wait_s of a batch';
  const { after_s, state } = Object(output) as Record<string, unknown>;
  if (typeof after_s !== 'number' || !(after_s >= 0 && after_s <= mostSeconds))
    return `again(seconds, state): seconds must be a number from 0 to ${mostSeconds}, not ${quote(after_s)}`;
  const bytes = Buffer.byteLength(JSON.stringify(state) ?? '');
  if (bytes > mostStateBytes)
    return `again(seconds, state): state has ${bytes} bytes as JSON, at most ${mostStateBytes} are kept; keep the rest in ctx.store`;
  const { number, began_at } = invoke.part ?? { number: 1, began_at: new Date() };
  if (number >= mostCalls)
    return `again(seconds, state): an action is called ${mostCalls} times at most; wait longer between them`;
  if (Date.now() + after_s * 1000 - began_at.getTime() > mostDays * 86_400_000)
    return `again(seconds, state): an action ends within ${mostDays} days; this one began at ${began_at.toISOString()}`;
  return null;
}

function nextOf({ invoke, invocation_id, started_at }: PreparedCall, { after_s, state }: Asked): NextCall {
  const { root, number, began_at } = invoke.part ?? { root: invocation_id, number: 1, began_at: started_at };
  return {
    after_ms: after_s * 1000,
    data: {
      invocation_id: newId('inv'),
      installation_id: invoke.installation._id,
      integration_id: invoke.integration?._id ?? null,
      project_id: invoke.project_id ?? invoke.integration?.project_id ?? null,
      action: invoke.handler.slice('actions.'.length),
      input_text: JSON.stringify(invoke.args[0] ?? {}),
      cause: invoke.cause,
      part: { root, number: number + 1, began_at },
      ...(state !== undefined && { state_text: JSON.stringify(state) }),
    },
  };
}
