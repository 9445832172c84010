import { jsonText } from './json-text.js';
import { cut, jsonParse, jsonStringify, objectFreeze } from './primordials.js';

const LOG = 19;
const MESSAGE_LENGTH = 4000;
const FIELDS_LENGTH = 8000;

/** How a value reads in a log line. */
export function show(value) {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') return String(value);
  try {
    return jsonText(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function line(call, asks, level, message, fields) {
  // Past its limit a call goes on, unheard: the line that says so is the host's.
  if (call.over || call.logLines >= call.maxLogLines || call.logBytes >= call.maxLogBytes) {
    call.logDropped++;
    return;
  }
  const request = { level, message: cut(show(message), MESSAGE_LENGTH) };
  if (fields !== undefined) {
    const text = jsonText(fields instanceof Error ? { error: show(fields) } : fields);
    if (text !== undefined && text.length <= FIELDS_LENGTH && text[0] === '{') request.fields = jsonParse(text);
    else request.fields = { value: cut(text ?? show(fields), 1000) };
  }
  const json = jsonStringify(request);
  call.logLines++;
  call.logBytes += json.length;
  asks.tell(call, LOG, json);
}

/** `ctx.log(message, fields)`, and one function per level. */
export function makeLog(call, asks) {
  const log = (message, fields) => line(call, asks, 'info', message, fields);
  for (const level of ['debug', 'info', 'warn', 'error']) {
    log[level] = (message, fields) => line(call, asks, level, message, fields);
  }
  return objectFreeze(log);
}

/** `console`, writing to the log of the call that is running. */
export function makeConsole(current, asks) {
  const write =
    (level) =>
    (...values) => {
      const call = current();
      if (call) line(call, asks, level, values.map(show).join(' '));
    };
  const info = write('info');
  const debug = write('debug');
  return {
    log: info,
    info,
    debug,
    trace: debug,
    dir: info,
    table: info,
    warn: write('warn'),
    error: write('error'),
    assert: (condition, ...values) => {
      if (!condition) write('error')('Assertion failed', ...values);
    },
    group: info,
    groupEnd: () => {},
    time: () => {},
    timeEnd: () => {},
  };
}
