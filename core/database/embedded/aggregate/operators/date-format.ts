import { CommandError, cut } from '../../errors.ts';

const DAY = 86_400_000;
const MONTHS = [
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
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY / 7) + 1 };
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/**
 * Writes a date by a format (manual: reference/operator/aggregation/dateToString, "Format Specifiers").
 * @param offset - the zone's distance from UTC in milliseconds, for `%z` and `%Z`
 */
export function formatDate(local: Date, format: string, offset: number): string {
  const minutes = Math.round(offset / 60_000);
  const distance = Math.abs(minutes);
  const startOfYear = Date.UTC(local.getUTCFullYear(), 0, 1);
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
    b: () => (MONTHS[local.getUTCMonth()] ?? '').slice(0, 3).toLowerCase(),
    B: () => (MONTHS[local.getUTCMonth()] ?? '').toLowerCase(),
    z: () => `${minutes < 0 ? '-' : '+'}${pad(Math.floor(distance / 60), 2)}${pad(distance % 60, 2)}`,
    Z: () => String(minutes),
    '%': () => '%',
  };
  return format.replace(/%(.?)/gs, (_, letter: string) => {
    const write = Object.hasOwn(specifiers, letter) ? specifiers[letter] : undefined;
    if (!write) throw new CommandError(18536, `Invalid format character '%${cut(letter)}' in format string`);
    return write();
  });
}

const FIELDS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  L: '(?<L>\\d{1,3})',
  z: '(?<z>[+-]\\d{2}:?\\d{2}|Z)',
};

/** Reads a date by a format. @throws CommandError 241 when the text does not fit, 18536 for a specifier that cannot be read */
export function parseFormatted(text: string, format: string): Date {
  const pattern = format.replace(/%(.?)|[.*+?^${}()|[\]\\]/gs, (found, letter: string | undefined) => {
    if (letter === undefined) return `\\${found}`;
    if (letter === '%') return '%';
    const field = Object.hasOwn(FIELDS, letter) ? FIELDS[letter] : undefined;
    if (!field) throw new CommandError(18536, `Invalid format character '%${cut(letter)}' in format string`);
    return field;
  });
  const parts = new RegExp(`^${pattern}$`).exec(text)?.groups;
  if (!parts) throw new CommandError(241, `Error parsing date string '${cut(text)}' with format '${cut(format)}'`);
  const { Y = '1970', m = '1', d = '1', H = '0', M = '0', S = '0', L = '0', z = 'Z' } = parts;
  const zone = /^([+-])(\d{2}):?(\d{2})$/.exec(z);
  const minutes = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
  return new Date(
    Date.UTC(Number(Y), Number(m) - 1, Number(d), Number(H), Number(M), Number(S), Number(L)) - minutes * 60_000,
  );
}
