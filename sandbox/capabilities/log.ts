import type { LogLine } from '../types.ts';
import { printable } from './printable.ts';
import { isObject } from './verdict.ts';

const LEVELS = new Set(['debug', 'info', 'warn', 'error']);

/** A line of a plugin's log as the host keeps it: needs no grant. Null when it is no line that our runtime would send. */
export function readLogLine(value: unknown, at: Date): LogLine | null {
  if (!isObject(value) || typeof value.message !== 'string' || !LEVELS.has(value.level as string)) return null;
  const message = printable(value.message.slice(0, 4000));
  const line: LogLine = { level: value.level as LogLine['level'], message, at: at.toISOString() };
  if (isObject(value.fields)) line.fields = value.fields;
  return line;
}
