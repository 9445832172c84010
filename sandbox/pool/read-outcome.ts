import { printable } from '../capabilities/printable.ts';
import { ForgedFrame } from '../protocol.ts';
import type { CallError, CallErrorType, Limits, Usage } from '../types.ts';
import { checkJson } from './check-json.ts';
import { mapStack } from './map-stack.ts';

/** Error types that a sandbox process may report of itself. */
const OWN_TYPES: ReadonlySet<string> = new Set<CallErrorType | 'lost'>([
  'threw',
  'timeout',
  'cpu_limit',
  'memory_limit',
  'killed',
  'too_large',
  'too_many_host_calls',
  'unavailable',
  'starved',
  'lost',
]);

/** Names that our runtime throws under, and what they are called outside. */
const BY_NAME: Readonly<Record<string, CallErrorType>> = {
  HandlerNotFound: 'not_found',
  BadAnswer: 'bad_answer',
  TooManyHostCalls: 'too_many_host_calls',
};

export type ReadError = CallError | { type: 'lost'; message: string };

/**
 * What a failed call sent, made into a `CallError`. `isOwn`: the process speaks, not the plugin. Throws `ForgedFrame` (or
 * SyntaxError) for what our runtime would not send.
 */
export function readError(
  json: string,
  isOwn: boolean,
  image: { name: string; version: string; source_map?: string },
  usage: Usage,
): ReadError {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null) throw new ForgedFrame('an error that is no object');
  const { type, name, message, stack, data } = value as Record<string, unknown>;
  if (typeof message !== 'string') throw new ForgedFrame('an error without a message');
  if (isOwn && type === 'lost') return { type: 'lost', message };
  if (isOwn && (typeof type !== 'string' || !OWN_TYPES.has(type))) throw new ForgedFrame('an error of an unknown type');
  const error: CallError = {
    type: isOwn ? (type as CallErrorType) : 'threw',
    message: printable(message.slice(0, 2000)),
  };
  if (typeof name === 'string' && name !== '') error.name = printable(name.slice(0, 100));
  const mapped = mapStack(typeof stack === 'string' ? stack : undefined, image);
  if (mapped) error.stack = mapped;
  const isFlat = checkJson(Buffer.from(json), { nodes: 2000, depth: 32 }) === null;
  if (isFlat && typeof data === 'object' && data !== null && Object.keys(data).length > 0) error.data = data;
  if (!isOwn && error.name) {
    if (error.name === 'PermissionDenied' && usage.denied.length > 0) error.type = 'denied';
    else if (Object.hasOwn(BY_NAME, error.name)) error.type = BY_NAME[error.name] as CallErrorType;
  }
  return error;
}

const PAGE = '{"done":false,"value":';
const LAST_PAGE = '{"done":true,"value":';

/** The value of a page as text, without parsing it. Throws `ForgedFrame` when it is no page. */
export function readPage(json: string): { done: boolean; value: string } {
  const done = json.startsWith(LAST_PAGE);
  if ((!done && !json.startsWith(PAGE)) || !json.endsWith('}')) throw new ForgedFrame('a page that is none');
  return { done, value: json.slice(done ? LAST_PAGE.length : PAGE.length, -1) };
}

/** Why an output is refused, or null. */
export function refuseOutput(bytes: Uint8Array, limits: Limits): CallError | null {
  if (bytes.length > limits.payload_bytes) {
    return {
      type: 'too_large',
      message: `The answer of ${bytes.length} bytes is over the limit of ${limits.payload_bytes}`,
    };
  }
  const problem = checkJson(bytes, limits);
  if (problem === null) return null;
  return { type: problem.startsWith('holds more') ? 'too_large' : 'bad_answer', message: `The answer ${problem}` };
}
