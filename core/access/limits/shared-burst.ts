import { LRUCache } from 'lru-cache';
import { type BurstRule, type BurstVerdict, createBurstLimit } from '../burst.ts';
import { takeShare } from './take-share.ts';

/** What a node lets through without asking anybody, as a part of the limit: small callers cost the database nothing. */
const own = 0.01;
/** What is left for the shared count: with four nodes the sum is the limit, with eight it is 4 % more. */
const shared = 0.96;
const patienceMs = 2000;
/** On its way from the database a share does not decay for so long, or at the limit, where shares are of one, none would arrive. */
const wayMs = 20;
/** So much of a token, or more, is one: what was granted as a whole one is not lost to the ms until it is spent. */
const whole = 0.5;

/** What this node took of one subject's burst, to be spent soon. */
interface Share {
  tokens: number;
  /** ms: until when the tokens have decayed */
  at: number;
  /** ms: before that nothing is left for anybody */
  fits_at: number;
  remaining: number;
  filling: Promise<void> | null;
}

/**
 * A burst limit that holds over all nodes. Each counts by itself, so that none exceeds the rule alone; what goes beyond
 * a hundredth of it comes out of one count in the database, taken in shares of at most an eighth of what is left.
 *
 * A share decays as fast as the shared count recovers. So what nodes hold is never more than half a token each, and what
 * recovers in 20 ms, above what the count says is used: no stretch of time holds more than the rule and that little,
 * whoever takes when and whichever node dies with its share.
 *
 * @param name of the rule; subjects of different rules are counted apart
 * @param waitMs so long one answer of the database is waited for; then this node's own count alone decides
 */
export function createSharedBurst(name: string, rule: BurstRule, now: () => number = Date.now, waitMs = patienceMs) {
  const local = createBurstLimit(rule, now);
  const free = createBurstLimit({ burst: Math.max(1, rule.burst * own), per_second: rule.per_second * own }, now);
  const common = { burst: rule.burst * shared, per_second: rule.per_second * shared };
  const shares = new LRUCache<string, Share>({ max: 50_000 });

  const fill = async (subject: string, share: Share): Promise<void> => {
    try {
      const taken = await takeShare(`burst:${name}:${subject}`, common, now);
      const from = Math.min(now(), taken.at + wayMs);
      share.tokens = decayed(share, common, from) + taken.granted;
      share.at = Math.max(share.at, from);
      share.fits_at = taken.fits_at;
      share.remaining = taken.remaining;
    } finally {
      share.filling = null;
    }
  };

  return async function take(subject: string): Promise<BurstVerdict> {
    if (local.look(subject).remaining === 0 || free.take(subject).allowed) return local.take(subject);
    let share = shares.get(subject);
    if (!share) {
      share = { tokens: 0, at: now(), fits_at: 0, remaining: common.burst, filling: null };
      shares.set(subject, share);
    }
    for (;;) {
      const at = now();
      share.tokens = decayed(share, common, at);
      share.at = at;
      if (share.tokens >= whole) {
        share.tokens = Math.max(0, share.tokens - 1);
        return told(local.take(subject), share.remaining + share.tokens);
      }
      if (share.fits_at > at) return refused(local.look(subject), (share.fits_at - at) / 1000);
      share.filling ??= fill(subject, share);
      const answered = await inTime(share.filling, waitMs);
      // A database that is away takes nobody's service away: each node then holds the rule for itself.
      if (!answered) return local.take(subject);
    }
  };
}

function decayed({ tokens, at }: Share, { per_second }: BurstRule, now: number): number {
  return Math.max(0, tokens - (Math.max(0, now - at) * per_second) / 1000);
}

function told(verdict: BurstVerdict, remaining: number): BurstVerdict {
  return { ...verdict, remaining: Math.max(0, Math.min(verdict.remaining, Math.floor(remaining))) };
}

function refused(verdict: BurstVerdict, retry_after_s: number): BurstVerdict {
  return { allowed: false, remaining: 0, reset_s: Math.max(verdict.reset_s, retry_after_s), retry_after_s };
}

/** True when the promise was kept within so many ms. */
async function inTime(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } catch {
    // That it failed is told by the database's own log; here it only means that there was no answer.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
