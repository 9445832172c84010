import { LRUCache } from 'lru-cache';
import { log } from '../../log.ts';
import { endOfBucket, type Window } from './sliding-window.ts';
import { giveBack, takeQuota } from './take-quota.ts';

export interface Spent {
  allowed: boolean;
  limit: number;
  remaining: number;
  window_ms: number;
  /** ms since 1970: when the window is whole again */
  whole_at: number;
  /** ms since 1970: when one more will fit */
  fits_at: number;
}

/** What this node took in advance of one subject's window, to spend without asking the database. */
interface Purse {
  subject: string;
  window: Window;
  tokens: number;
  /** how many of the last filling were spent; the next one is as large, or twice that when they did not last */
  spent: number;
  /** the bucket the tokens were counted in; they are good until it ends */
  bucket: number;
  used: number;
  whole_at: number;
  fits_at: number;
  /** in flight: everybody else waits for the same one */
  filling: Promise<void> | null;
}

/** At most this part of a quota is in one node's purse: it is what a killed node takes to its grave. */
const share = 0.01;

const purses = new LRUCache<string, Purse>({ max: 50_000, dispose: (purse) => void emptied(purse) });

/**
 * Spends one of a subject's window (its limit holds over all nodes). Small quotas ask the database each time; of large
 * ones a node takes some in advance (what it needed last time, at most a hundredth), which is counted as if it were
 * used at the last moment it may be. So no stretch of time ever holds more than the limit, however many nodes there are
 * and whichever of them dies.
 */
export async function spend(subject: string, window: Window): Promise<Spent> {
  const name = `${subject}|${window.window_ms}|${window.limit}`;
  let purse = purses.get(name);
  if (!purse) {
    purse = { subject, window, tokens: 0, spent: 0, bucket: 0, used: 0, whole_at: 0, fits_at: 0, filling: null };
    purses.set(name, purse);
  }
  for (;;) {
    const now = Date.now();
    if (purse.tokens > 0 && endOfBucket(purse.bucket, window) > now) {
      purse.tokens -= 1;
      purse.spent += 1;
      return told(purse, true);
    }
    if (purse.tokens === 0 && purse.fits_at > now) return told(purse, false);
    purse.filling ??= fill(purse);
    await purse.filling;
  }
}

/** Gives back one that was spent a moment ago, when another window refused. */
export function unspend(subject: string, window: Window): void {
  const purse = purses.get(`${subject}|${window.window_ms}|${window.limit}`);
  if (purse) purse.tokens += 1;
}

/** Gives back all that this node has not used, when the host stops. */
export async function emptyPurses(): Promise<void> {
  const all = [...purses.values()];
  await Promise.all(all.map((purse) => emptied(purse)));
}

async function fill(purse: Purse): Promise<void> {
  try {
    const lasted = purse.tokens > 0;
    await emptied(purse);
    const most = Math.max(1, Math.floor(purse.window.limit * share));
    const wanted = Math.min(most, Math.max(1, purse.spent * (lasted ? 1 : 2)));
    purse.spent = 0;
    const taken = await takeQuota(purse.subject, purse.window, wanted, wanted > 1 ? 1 : 0);
    purse.tokens = taken.granted;
    purse.bucket = taken.bucket;
    purse.used = taken.used;
    purse.whole_at = taken.whole_at;
    // Tokens are there, or nothing is: only then is there something to wait for.
    purse.fits_at = taken.granted > 0 ? 0 : taken.fits_at;
  } finally {
    purse.filling = null;
  }
}

async function emptied(purse: Purse): Promise<void> {
  const { subject, window, bucket, tokens } = purse;
  if (tokens === 0) return;
  purse.tokens = 0;
  await giveBack(subject, window, bucket, tokens).catch((error: unknown) =>
    log.warn({ err: error }, 'unused quota was not given back'),
  );
}

function told(purse: Purse, allowed: boolean): Spent {
  const { window, used, tokens, whole_at, fits_at } = purse;
  return {
    allowed,
    limit: window.limit,
    remaining: Math.max(0, window.limit - used + tokens),
    window_ms: window.window_ms,
    whole_at,
    fits_at,
  };
}
