import { CommandError, cut } from '../../errors.ts';
import type { Value } from '../../values/document.ts';

/** A day in milliseconds. */
export const DAY = 86_400_000;

const UNITS = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

/** A unit of time, as date expressions, windows and `$densify` take it. */
export type Unit = (typeof UNITS)[number];

/** Units of a fixed length, in milliseconds. */
export const LENGTH: Partial<Record<Unit, number>> = { millisecond: 1, second: 1000, minute: 60_000, hour: 3_600_000 };

/** @throws CommandError for what is no text, and for what is no unit of time */
export function unitOf(value: Value, name: string): Unit {
  const unit = UNITS.find((one) => one === value);
  const [noText, noUnit] = name === '$dateAdd' || name === '$dateSubtract' ? [5166404, 9] : [5439013, 5439014];
  if (typeof value !== 'string') throw new CommandError(noText, `${name} requires 'unit' to be a string`);
  if (!unit)
    throw new CommandError(noUnit, `${name} parameter 'unit' value cannot be recognized as a time unit: ${cut(value)}`);
  return unit;
}

/** A local date with days, weeks, months, quarters or years added. */
export function addedLocally(local: Date, unit: Unit, amount: number): Date {
  if (unit === 'day' || unit === 'week') return new Date(local.getTime() + amount * DAY * (unit === 'week' ? 7 : 1));
  const months = amount * (unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1);
  const result = new Date(local);
  result.setUTCDate(1);
  result.setUTCMonth(local.getUTCMonth() + months);
  const last = new Date(Date.UTC(result.getUTCFullYear(), result.getUTCMonth() + 1, 0)).getUTCDate();
  // The last day of a shorter month stands for a day that it does not have.
  result.setUTCDate(Math.min(local.getUTCDate(), last));
  return result;
}

/** A date with so many of a unit added, in UTC. */
export function addedTo(date: Date, unit: Unit, amount: number): Date {
  const length = LENGTH[unit];
  return length ? new Date(date.getTime() + amount * length) : addedLocally(date, unit, amount);
}
