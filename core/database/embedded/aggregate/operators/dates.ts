import { ObjectId, Timestamp } from 'bson';
import { CommandError, cut } from '../../errors.ts';
import { isDocument, type Value } from '../../values/document.ts';
import { fromLocal, timeZone, toLocal } from '../../values/time-zone.ts';
import { toInteger, typeName } from '../../values/types.ts';
import { isNullish, positional, withNamed } from '../arguments.ts';
import type { Operator } from '../expression.ts';
import { addedDays, formatDate, isoWeek, utcDay } from './date-format.ts';
import { addedLocally, DAY, LENGTH, type Unit, unitOf } from './date-units.ts';
import { parseDate, parseFormatted } from './parse-date.ts';

/** Codes for what is no date, where it is not 16006. */
const DATE_CODES: Readonly<Record<string, number>> = {
  $dateDiff: 5166307,
  $dateAdd: 5166403,
  $dateSubtract: 5166403,
  $dateTrunc: 5439012,
};

function dateOf(value: Value, name: string): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1000);
  throw new CommandError(
    DATE_CODES[name] ?? 16006,
    `can't convert from BSON type ${typeName(value)} to Date, in ${name}`,
  );
}

function zoneOf(value: Value) {
  if (value === undefined) return timeZone('UTC');
  if (typeof value !== 'string')
    throw new CommandError(40517, `timezone must evaluate to a string, found ${typeName(value)}`);
  return timeZone(value);
}

/** Whether an argument is written, and null or of a field that is not there. */
function isAbsent(given: Record<string, Value>, name: string): boolean {
  return name in given && isNullish(given[name]);
}

/** `$year` and its like: of a date, or of `{date, timezone}`. */
function part(name: string, read: (local: Date) => Value): Operator {
  const withZone = withNamed(['date'], ['timezone'], (given) => {
    const { date, timezone } = given;
    if (isNullish(date) || isAbsent(given, 'timezone')) return null;
    return read(toLocal(dateOf(date, name).getTime(), zoneOf(timezone)));
  });
  const plain = positional(1, 1, (date) => (isNullish(date) ? null : read(dateOf(date, name))));
  return (operand, context) => (isDocument(operand) && 'date' in operand ? withZone : plain)(operand, context, name);
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - utcDay(date.getUTCFullYear(), 0, 1).getTime()) / DAY) + 1;
}

/** Weeks begin on Sunday; days before the first Sunday are week 0. */
function week(date: Date): number {
  return Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7);
}

function adding(name: string, sign: 1 | -1): Operator {
  return withNamed(['startDate', 'unit', 'amount'], ['timezone'], (given) => {
    if (Object.values(given).some(isNullish)) return null;
    const { startDate, unit, amount, timezone } = given;
    const count = sign * toInteger(amount, `${name} amount`, 5166405);
    const wanted = unitOf(unit, name);
    const date = dateOf(startDate, name);
    const length = LENGTH[wanted];
    if (length) return new Date(date.getTime() + count * length);
    const zone = zoneOf(timezone);
    return fromLocal(addedLocally(toLocal(date.getTime(), zone), wanted, count), zone);
  });
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function weekStart(value: Value): number {
  if (value !== undefined && typeof value !== 'string')
    throw new CommandError(
      5439015,
      `parameter 'startOfWeek' value must evaluate to a string, found ${typeName(value)}`,
    );
  const name = (value ?? 'sunday').toLowerCase();
  const day = WEEKDAYS.findIndex((weekday) => weekday === name || weekday.slice(0, 3) === name);
  if (day === -1)
    throw new CommandError(
      5439016,
      `parameter 'startOfWeek' value cannot be recognized as a day of a week: ${cut(value)}`,
    );
  return day;
}

/** The number of a unit since a fixed start, so that differences count the boundaries crossed. */
function ordinal(local: Date, unit: Unit, startOfWeek: number): number {
  const days = Math.floor(local.getTime() / DAY);
  switch (unit) {
    case 'year':
      return local.getUTCFullYear();
    case 'quarter':
      return local.getUTCFullYear() * 4 + Math.floor(local.getUTCMonth() / 3);
    case 'month':
      return local.getUTCFullYear() * 12 + local.getUTCMonth();
    case 'week':
      // 1970-01-01 was a Thursday, weekday 4.
      return Math.floor((days + 4 - startOfWeek) / 7);
    case 'day':
      return days;
    default:
      return Math.floor(local.getTime() / (LENGTH[unit] ?? 1));
  }
}

const difference = withNamed(['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek'], (given) => {
  const { startDate, endDate, unit, timezone, startOfWeek } = given;
  if ([startDate, endDate, unit].some(isNullish) || isAbsent(given, 'timezone')) return null;
  const wanted = unitOf(unit, '$dateDiff');
  if (wanted === 'week' && isAbsent(given, 'startOfWeek')) return null;
  const zone = zoneOf(timezone);
  const start = wanted === 'week' ? weekStart(startOfWeek) : 0;
  const [from, to] = [startDate, endDate].map((date) =>
    ordinal(toLocal(dateOf(date, '$dateDiff').getTime(), zone), wanted, start),
  ) as [number, number];
  return BigInt(to - from);
});

const truncated = withNamed(['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], (given) => {
  const { date, unit, binSize, timezone, startOfWeek } = given;
  if (isNullish(date) || isNullish(unit) || isAbsent(given, 'timezone') || isAbsent(given, 'binSize')) return null;
  const wanted = unitOf(unit, '$dateTrunc');
  const size = binSize === undefined ? 1 : toInteger(binSize, '$dateTrunc binSize', 5439017);
  if (size <= 0) throw new CommandError(5439018, "$dateTrunc requires 'binSize' to be greater than 0");
  if (wanted === 'week' && isAbsent(given, 'startOfWeek')) return null;
  const zone = zoneOf(timezone);
  const start = wanted === 'week' ? weekStart(startOfWeek) : 0;
  // Bins of several units are counted from 2000-01-01.
  const reference = ordinal(new Date(Date.UTC(2000, 0, 1)), wanted, start);
  const number = ordinal(toLocal(dateOf(date, '$dateTrunc').getTime(), zone), wanted, start);
  const bin = reference + Math.floor((number - reference) / size) * size;
  return fromLocal(startOf(wanted, bin, start), zone);
});

function startOf(unit: Unit, number: number, startOfWeek: number): Date {
  switch (unit) {
    case 'year':
      return utcDay(number, 0, 1);
    case 'quarter':
      return utcDay(Math.floor(number / 4), (number % 4) * 3, 1);
    case 'month':
      return utcDay(Math.floor(number / 12), number % 12, 1);
    case 'week':
      return new Date((number * 7 - 4 + startOfWeek) * DAY);
    case 'day':
      return new Date(number * DAY);
    default:
      return new Date(number * (LENGTH[unit] ?? 1));
  }
}

const toText = withNamed(['date'], ['format', 'timezone', 'onNull'], (given) => {
  const { date, format, timezone } = given;
  if (isNullish(date)) return 'onNull' in given ? given.onNull : null;
  if (isAbsent(given, 'format') || isAbsent(given, 'timezone')) return null;
  const zone = zoneOf(timezone);
  const time = dateOf(date, '$dateToString').getTime();
  if (format !== undefined && typeof format !== 'string')
    throw new CommandError(18533, "$dateToString requires that 'format' be a string");
  const standard = timezone === undefined || timezone === 'UTC' ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L';
  return formatDate(toLocal(time, zone), format ?? standard, zone(time));
});

const fromText = withNamed(['dateString'], ['format', 'timezone', 'onError', 'onNull'], (given) => {
  const { dateString, format, timezone } = given;
  if (isNullish(dateString)) return 'onNull' in given ? given.onNull : null;
  if (isAbsent(given, 'format') || isAbsent(given, 'timezone')) return null;
  if (format !== undefined && typeof format !== 'string')
    throw new CommandError(40684, `$dateFromString requires that 'format' be a string, found: ${typeName(format)}`);
  try {
    if (typeof dateString !== 'string')
      throw new CommandError(
        241,
        `$dateFromString requires that 'dateString' be a string, found: ${typeName(dateString)}`,
      );
    const { date, hasZone } = typeof format === 'string' ? parseFormatted(dateString, format) : parseDate(dateString);
    if (hasZone && timezone !== undefined && timezone !== 'UTC' && timezone !== 'GMT')
      throw new CommandError(
        241,
        `you cannot pass in a date/time string with time zone information together with a timezone argument: '${cut(dateString)}'`,
      );
    return fromLocal(date, zoneOf(timezone));
  } catch (error) {
    if ('onError' in given && error instanceof CommandError && error.code === 241) return given.onError;
    throw error;
  }
});

const PARTS = [
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
  'isoWeekYear',
  'isoWeek',
  'isoDayOfWeek',
  'timezone',
];

const madeOfParts = withNamed([], PARTS, (given) => {
  if (Object.values(given).some(isNullish)) return null;
  const number = (name: string, standard: number) =>
    given[name] === undefined ? standard : toInteger(given[name], `'${name}' of $dateFromParts`, 40515);
  const bounded = (name: string, standard: number) => {
    const value = number(name, standard);
    if (Math.abs(value + 0.5) < 32_768) return value;
    throw new CommandError(
      31034,
      `'${name}' must evaluate to a value in the range [-32768, 32767]; value ${value} is not`,
    );
  };
  const year = (name: string, code: number) => {
    const value = number(name, 1970);
    if (value >= 1 && value <= 9999) return value;
    throw new CommandError(code, `'${name}' must evaluate to an integer in the range 1 to 9999, found ${value}`);
  };
  const hours = bounded('hour', 0) * 60 + bounded('minute', 0);
  const time = hours * 60_000 + number('second', 0) * 1000 + number('millisecond', 0);
  const zone = zoneOf(given.timezone);
  if ('isoWeekYear' in given) {
    const fourth = utcDay(year('isoWeekYear', 31095), 0, 4);
    const monday = addedDays(fourth, -((fourth.getUTCDay() + 6) % 7));
    const day = addedDays(monday, (bounded('isoWeek', 1) - 1) * 7 + bounded('isoDayOfWeek', 1) - 1);
    return fromLocal(new Date(day.getTime() + time), zone);
  }
  const day = utcDay(year('year', 40523), bounded('month', 1) - 1, bounded('day', 1));
  return fromLocal(new Date(day.getTime() + time), zone);
});

const fromParts: Operator = (operand, context, name) => {
  if (isDocument(operand) && !('year' in operand) && !('isoWeekYear' in operand))
    throw new CommandError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
  return madeOfParts(operand, context, name);
};

const toParts = withNamed(['date'], ['timezone', 'iso8601'], (given) => {
  const { date, timezone, iso8601 } = given;
  if (isNullish(date) || isAbsent(given, 'timezone') || isAbsent(given, 'iso8601')) return null;
  if (iso8601 !== undefined && typeof iso8601 !== 'boolean')
    throw new CommandError(40521, `iso8601 must evaluate to a bool, found ${typeName(iso8601)}`);
  const local = toLocal(dateOf(date, '$dateToParts').getTime(), zoneOf(timezone));
  const time = {
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  };
  if (iso8601 === true) {
    const { year, week: number } = isoWeek(local);
    return { isoWeekYear: year, isoWeek: number, isoDayOfWeek: local.getUTCDay() || 7, ...time };
  }
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate(), ...time };
});

/** Expressions of dates. */
export const DATES: Readonly<Record<string, Operator>> = {
  $year: part('$year', (date) => date.getUTCFullYear()),
  $month: part('$month', (date) => date.getUTCMonth() + 1),
  $dayOfMonth: part('$dayOfMonth', (date) => date.getUTCDate()),
  $hour: part('$hour', (date) => date.getUTCHours()),
  $minute: part('$minute', (date) => date.getUTCMinutes()),
  $second: part('$second', (date) => date.getUTCSeconds()),
  $millisecond: part('$millisecond', (date) => date.getUTCMilliseconds()),
  $dayOfYear: part('$dayOfYear', dayOfYear),
  $dayOfWeek: part('$dayOfWeek', (date) => date.getUTCDay() + 1),
  $week: part('$week', week),
  $isoDayOfWeek: part('$isoDayOfWeek', (date) => date.getUTCDay() || 7),
  $isoWeek: part('$isoWeek', (date) => isoWeek(date).week),
  $isoWeekYear: part('$isoWeekYear', (date) => BigInt(isoWeek(date).year)),
  $dateAdd: adding('$dateAdd', 1),
  $dateSubtract: adding('$dateSubtract', -1),
  $dateDiff: difference,
  $dateTrunc: truncated,
  $dateToString: toText,
  $dateFromString: fromText,
  $dateFromParts: fromParts,
  $dateToParts: toParts,
};
