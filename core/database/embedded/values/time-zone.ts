import { CommandError, cut } from '../errors.ts';

/** How far a zone is ahead of UTC at a time, in milliseconds. */
export type TimeZone = (time: number) => number;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * A time zone by its name (`Europe/Berlin`) or its distance from UTC (`+02:00`, `+0200`, `+02`).
 * @throws CommandError 40485 for an unknown one
 */
export function timeZone(name: string): TimeZone {
  if (name === 'UTC' || name === 'GMT' || name === 'Z') return () => 0;
  const fixed = /^([+-])(\d{2}):?(\d{2})?$/.exec(name);
  if (fixed) {
    const distance = (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)) * 60_000;
    return () => (fixed[1] === '-' ? -distance : distance);
  }
  const format = formatOf(name);
  return (time) => {
    const second = Math.floor(time / 1000) * 1000;
    const parts = Object.fromEntries(format.formatToParts(second).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
  };
}

function formatOf(name: string): Intl.DateTimeFormat {
  const known = formats.get(name);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (formats.size > 500) formats.clear();
    formats.set(name, format);
    return format;
  } catch {
    throw new CommandError(40485, `unrecognized time zone identifier: "${cut(name)}"`);
  }
}

/** A time as a date whose UTC parts are the local parts of the zone. */
export function toLocal(time: number, zone: TimeZone): Date {
  return new Date(time + zone(time));
}

/** The time at which a zone's clocks show what a date's UTC parts say. */
export function fromLocal(local: Date, zone: TimeZone): Date {
  const guess = local.getTime() - zone(local.getTime());
  return new Date(local.getTime() - zone(guess));
}
