import { CommandError, cut } from '../../errors.ts';

const DAY = 86_400_000;

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The week of ISO 8601 and the year that it belongs to. */
export function isoWeek(date: Date): { year: number; week: number } {
  const day = date.getUTCDay() || 7;
  const thursday = new Date(date.getTime() + (4 - day) * DAY);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - utcDay(year, 0, 1).getTime()) / DAY / 7) + 1 };
}

/** A date some days later. */
export function addedDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY);
}

/** A day at midnight: `Date.UTC` takes years below 100 for those of the 20th century. */
export function utcDay(year: number, month: number, day: number): Date {
  const date = new Date(Date.UTC(2000, month, day));
  date.setUTCFullYear(year, month, day);
  return date;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/**
 * Writes a date by a format (manual: reference/operator/aggregation/dateToString, "Format Specifiers").
 * @param offset - the zone's distance from UTC in milliseconds, for `%z` and `%Z`
 */
export function formatDate(local: Date, format: string, offset: number): string {
  // Zones of before the standard ones lie seconds off, which are not written.
  const minutes = Math.trunc(offset / 60_000);
  const distance = Math.abs(minutes);
  const startOfYear = utcDay(local.getUTCFullYear(), 0, 1).getTime();
  const dayOfYear = Math.floor((local.getTime() - startOfYear) / DAY) + 1;
  const specifiers: Record<string, () => string> = {
    Y: () => pad(local.getUTCFullYear(), 4),
    m: () => pad(local.getUTCMonth() + 1, 2),
    d: () => pad(local.getUTCDate(), 2),
    H: () => pad(local.getUTCHours(), 2),
    M: () => pad(local.getUTCMinutes(), 2),
    S: () => pad(local.getUTCSeconds(), 2),
    L: () => pad(local.getUTCMilliseconds(), 3),
    j: () => pad(dayOfYear, 3),
    u: () => String(local.getUTCDay() || 7),
    w: () => String(local.getUTCDay() + 1),
    U: () => pad(Math.floor((dayOfYear + 6 - local.getUTCDay()) / 7), 2),
    V: () => pad(isoWeek(local).week, 2),
    G: () => pad(isoWeek(local).year, 4),
    b: () => (MONTHS[local.getUTCMonth()] ?? '').slice(0, 3),
    B: () => MONTHS[local.getUTCMonth()] ?? '',
    z: () => `${minutes < 0 ? '-' : '+'}${pad(Math.floor(distance / 60), 2)}${pad(distance % 60, 2)}`,
    Z: () => String(minutes),
    '%': () => '%',
  };
  return format.replace(/%(.?)/gs, (_, letter: string) => {
    if (letter === '') throw new CommandError(18535, "Unmatched '%' at end of format string");
    const write = Object.hasOwn(specifiers, letter) ? specifiers[letter] : undefined;
    if (!write) throw new CommandError(18536, `Invalid format character '%${cut(letter)}' in format string`);
    return write();
  });
}
