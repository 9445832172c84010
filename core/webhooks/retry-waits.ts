import type { RetryConfig } from './model.ts';

/** What a webhook does that says nothing about it (`API.md`). */
export const default_retries = { max_retries: 3, retry_delay: 5, backoff_multiplier: 2 } as const;

const minute = 60;
const hour = 3600;
/** Waits after the first to ninth attempt, in seconds (Standard Webhooks, "Retry schedule"): 75 hours and 35 minutes. */
const standard = [5, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];
const longest_s = 24 * hour;

/**
 * How long to wait after a failed attempt, in ms; null when it was the last one.
 *
 * @param attempt which one failed, from 1
 * @param random 0 to 1; the standard schedule is spread by ±20 % with it
 * @param retry_after_s what the receiver asked for: never sooner than that, at most a day
 */
export function waitAfter(
  config: RetryConfig,
  attempt: number,
  random: number,
  retry_after_s: number | null = null,
): number | null {
  const wait_s =
    'schedule' in config
      ? standard[attempt - 1] && (standard[attempt - 1] as number) * (0.8 + 0.4 * random)
      : attempt <= config.max_retries
        ? config.retry_delay * config.backoff_multiplier ** (attempt - 1)
        : undefined;
  if (wait_s === undefined) return null;
  return Math.round(Math.min(longest_s, Math.max(wait_s, retry_after_s ?? 0)) * 1000);
}

/**
 * `Retry-After` in seconds (RFC 9110, section 10.2.3): a number, or a date.
 *
 * @param now ms since 1970
 */
export function readRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = /GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, (date - now) / 1000);
}
