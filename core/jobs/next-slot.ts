import { Cron } from 'croner';
import { Failure } from '../../sdk/contract/failure.ts';

export interface Rule {
  /** five fields (minute hour day month weekday), or six with seconds first */
  cron?: string | null;
  /** seconds from slot to slot; slots lie on whole multiples since 1970, the same on every node */
  every_s?: number | null;
  /** IANA name; UTC unless given */
  time_zone?: string;
}

/**
 * The first slot of a rule after a time.
 *
 * A local time that the clocks jump over runs at the moment of the jump's end; one that comes twice runs once, the
 * first time. A rule with `every_s` knows no local time.
 *
 * @throws Failure validation_failed for a bad cron expression or time zone, naming which and why
 */
export function nextSlot(rule: Rule, after: Date): Date {
  if (rule.every_s != null) {
    if (!(rule.every_s >= 1)) throw badRule('/every_s', `must be at least 1 second, seen ${rule.every_s}`);
    const step = rule.every_s * 1000;
    return new Date((Math.floor(after.getTime() / step) + 1) * step);
  }
  const cron = parse(rule);
  const next = cron.nextRun(after);
  if (!next) throw badRule('/cron', `never comes again: ${JSON.stringify(rule.cron?.slice(0, 60))}`);
  return next;
}

/**
 * The last slot that is due by `now`, and the one after it: what a host that was down does is the last missed slot,
 * once, not all of them.
 */
export function lastDueSlot(rule: Rule, first: Date, now: Date): { due: Date; next: Date } {
  let due = first;
  let next = nextSlot(rule, due);
  if (next <= now && rule.every_s != null) {
    const step = rule.every_s * 1000;
    due = new Date(Math.floor(now.getTime() / step) * step);
    next = nextSlot(rule, due);
  }
  if (next <= now) {
    const [last] = parse(rule).previousRuns(1, new Date(now.getTime() + 1));
    if (last && last > due) due = last;
    next = nextSlot(rule, now);
  }
  return { due, next };
}

function parse(rule: Rule): Cron {
  const zone = rule.time_zone ?? 'UTC';
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw badRule('/time_zone', `is no IANA time zone such as "Europe/Berlin": ${JSON.stringify(zone.slice(0, 60))}`);
  }
  try {
    return new Cron(rule.cron ?? '', { timezone: zone, paused: true, mode: '5-or-6-parts' });
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    throw badRule('/cron', `${JSON.stringify((rule.cron ?? '').slice(0, 60))} is no cron expression: ${why}`);
  }
}

function badRule(pointer: string, message: string): Failure {
  return new Failure('validation_failed', {
    content: { errors: [{ pointer, message, keyword: 'format', params: {} }] },
  });
}
