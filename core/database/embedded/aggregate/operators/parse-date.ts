import { CommandError, cut } from '../../errors.ts';
import { addedDays, MONTHS, utcDay } from './date-format.ts';

/** A date that was read, and whether its text named a time zone. */
export type ReadDate = { date: Date; hasZone: boolean };

const HOUR = 3_600_000;

/** Hours from UTC of the zones that a text may name by letters; single ones are military. */
const ABBREVIATIONS: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 1,
  BST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  AKST: -9,
  AKDT: -8,
  HST: -10,
};

const ZONE = '(?:GMT|UTC)?[+-]\\d{1,2}(?::?\\d{2})?|[A-Z]{3,4}|[A-IK-Z]';

const FIELDS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{1,4})',
  m: '(?<m>\\d{1,2})',
  b: '(?<b>[A-Z]{3})',
  B: '(?<B>[A-Z]+)',
  d: '(?<d>\\d{1,2})',
  j: '(?<j>\\d{1,3})',
  G: '(?<G>\\d{1,4})',
  V: '(?<V>\\d{1,2})',
  u: '(?<u>\\d)',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  L: '(?<L>\\d{1,3})',
  z: `\\s*(?<z>${ZONE})`,
  Z: '(?<Z>[+-]?\\d{1,4})',
};

function unread(text: string, why: string): CommandError {
  return new CommandError(241, `Error parsing date string '${cut(text)}'; ${why}`);
}

/** Milliseconds from UTC of `+01:00`, `GMT+2`, `CEST` or `P`. @throws CommandError 241 for letters that name no zone */
function zoneOffset(zone: string, text: string): number {
  const name = zone.toUpperCase();
  const [, sign, hours, minutes = '0'] = /([+-])(\d{1,2}):?(\d{2})?$/.exec(name) ?? [];
  if (hours !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * 60_000);
  if (name.length === 1) return military(name.charCodeAt(0) - 64) * HOUR;
  const known = Object.hasOwn(ABBREVIATIONS, name) ? ABBREVIATIONS[name] : undefined;
  if (known === undefined) throw unread(text, 'The timezone could not be found in the database');
  return known * HOUR;
}

/** `A` to `M` without `J` lie east of UTC, `N` to `Y` west of it. */
function military(letter: number): number {
  if (letter <= 9) return letter;
  if (letter <= 13) return letter - 1;
  return letter === 26 ? 0 : 13 - letter;
}

/** Reads a date in the forms of ISO 8601; without a zone it is UTC. @throws CommandError 241 for another text */
export function parseDate(text: string): ReadDate {
  const match = new RegExp(
    `^(\\d{4})-(\\d{1,2})(?:-(\\d{1,2}))?(?:[T ](\\d{1,2}):(\\d{2})(?:[:.](\\d{2})(?:\\.(\\d{1,9}))?)?)?\\s*(${ZONE})?$`,
    'i',
  ).exec(text.trim());
  if (!match) throw unread(text, 'its form is not known');
  const [, Y = '', m = '', d = '1', H = '0', M = '0', S = '0', L = '0', z] = match;
  return { date: dateOf({ Y, m, d, H, M, S, L, z }, text), hasZone: z !== undefined };
}

/**
 * Reads a date by a format (manual: reference/operator/aggregation/dateFromString, "Format Specifiers").
 * @throws CommandError 241 when the text does not fit or is no whole date, 18535, 18536 for a format that cannot be read
 */
export function parseFormatted(text: string, format: string): ReadDate {
  const pattern = format.replace(/%(.?)|[.*+?^${}()|[\]\\]/gs, (found, letter: string | undefined) => {
    if (letter === undefined) return `\\${found}`;
    if (letter === '%') return '%';
    if (letter === '') throw new CommandError(18535, "Unmatched '%' at end of format string");
    const field = Object.hasOwn(FIELDS, letter) ? FIELDS[letter] : undefined;
    if (!field) throw new CommandError(18536, `Invalid format character '%${cut(letter)}' in format string`);
    return field;
  });
  const parts = new RegExp(`^${pattern}$`, 'i').exec(text)?.groups;
  if (!parts) throw unread(text, `it does not fit the format '${cut(format)}'`);
  return { date: dateOf(parts, text), hasZone: parts.z !== undefined || parts.Z !== undefined };
}

function dateOf(parts: Record<string, string | undefined>, text: string): Date {
  const { H = '0', M = '0', S = '0', L = '0', z, Z } = parts;
  if (Number(H) > 23 || Number(M) > 59 || Number(S) > 59) throw unread(text, 'The parsed time was invalid');
  // The digits of `%L` are a fraction: .8 is 800 milliseconds.
  const time = ((Number(H) * 60 + Number(M)) * 60 + Number(S)) * 1000 + Number(L.padEnd(3, '0').slice(0, 3));
  const offset = z === undefined ? Number(Z ?? 0) * 60_000 : zoneOffset(z, text);
  return new Date(dayOf(parts, text).getTime() + time - offset);
}

function dayOf(parts: Record<string, string | undefined>, text: string): Date {
  const { Y, d, j, G, V, u } = parts;
  const month = parts.m === undefined ? monthNamed(parts.B ?? parts.b, text) : Number(parts.m);
  if ((G ?? V ?? u) !== undefined) {
    if ((Y ?? month ?? d) !== undefined) throw unread(text, 'Mixing of ISO dates with natural dates is not allowed');
    if (G === undefined) throw unread(text, 'The parsed date was invalid');
    const fourth = utcDay(Number(G), 0, 4);
    const sinceMonday = (fourth.getUTCDay() + 6) % 7;
    return addedDays(fourth, (Number(V ?? 1) - 1) * 7 + Number(u ?? 1) - 1 - sinceMonday);
  }
  if (Y !== undefined && j !== undefined) return utcDay(Number(Y), 0, Number(j));
  if (Y === undefined || month === undefined || d === undefined)
    throw new CommandError(241, `an incomplete date/time string has been found, with elements missing: "${cut(text)}"`);
  const day = utcDay(Number(Y), month - 1, Number(d));
  if (day.getUTCMonth() !== month - 1 || day.getUTCDate() !== Number(d))
    throw unread(text, 'The parsed date was invalid');
  return day;
}

function monthNamed(name: string | undefined, text: string): number | undefined {
  if (name === undefined) return undefined;
  const wanted = name.toLowerCase();
  const at = MONTHS.findIndex((month) => month.toLowerCase() === wanted || month.slice(0, 3).toLowerCase() === wanted);
  if (at === -1) throw unread(text, 'A textual month could not be found');
  return at + 1;
}
