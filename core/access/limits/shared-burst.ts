import { LRUCache } from 'lru-cache';
import { type BurstRule, type BurstVerdict, createBurstLimit } from '../burst.ts';
import { takeShare } from './take-share.ts';

/** What a node lets through without asking anybody, as a part of the limit: small callers cost the database nothing. */
const own = 0.01;
/** What is left for the shared count: with four nodes the sum is the limit, with eight it is 4 % more. */
const shared = 0.96;
/** So much of the time in which the burst grows back a share is good for: what was taken before a stretch of time and
 * is spent in it is at most this part of the burst. */
const life = 0.04;
const patienceMs = 2000;

/** What this node took of one subject's burst, to be spent soon. */
interface Share {
  tokens: number;
  /** ms: since when they are there, and until when they are good */
  since: number;
  until: number;
  /** how many of them were spent */
  spent: number;
  /** how many requests wait for the next share */
  waiting: number;
  /** ms: before that nothing is left for anybody */
  fits_at: number;
  remaining: number;
  filling: Promise<void> | null;
}

/**
 * A burst limit that holds over all nodes. Each counts by itself, so that none exceeds the rule alone; what goes beyond
 * a hundredth of it comes out of one count in the database, taken in shares: for whoever waits, or for what will come at
 * the present pace, at most the half of what is left. What was not spent in a share's short life is lost.
 *
 * So a stretch of time holds at most the rule, and what was taken in one share's life before it: 4 % of the burst,
 * whoever takes when and whichever node dies with its share.
 *
 * @param name of the rule; subjects of different rules are counted apart
 * @param waitMs so long one answer of the database is waited for; then this node's own count alone decides
 */
export function createSharedBurst(name: string, rule: BurstRule, now: () => number = Date.now, waitMs = patienceMs) {
  const local = createBurstLimit(rule, now);
  const free = createBurstLimit({ burst: Math.max(1, rule.burst * own), per_second: rule.per_second * own }, now);
  const common = { burst: rule.burst * shared, per_second: rule.per_second * shared };
  const lifeMs = (1000 * rule.burst * life) / rule.per_second;
  const shares = new LRUCache<string, Share>({ max: 50_000 });

  const fill = async (subject: string, share: Share): Promise<void> => {
    try {
      // For half of its life, so that little of it is left at the end.
      const pace = share.spent / Math.max(1, now() - share.since);
      const foreseen = Math.min(2 * share.spent, Math.floor((pace * lifeMs) / 2));
      const wanted = () => Math.max(share.waiting, foreseen);
      const taken = await takeShare(`burst:${name}:${subject}`, common, wanted, now);
      const late = now() > taken.at + lifeMs;
      // On a database so slow whoever waits gets one each time: as many nodes, as many more at most.
      share.tokens = late ? Math.min(1, taken.granted) : taken.granted;
      share.since = late ? now() : taken.at;
      share.until = share.since + lifeMs;
      share.spent = 0;
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
      share = {
        tokens: 0,
        since: 0,
        until: 0,
        spent: 0,
        waiting: 0,
        fits_at: 0,
        remaining: common.burst,
        filling: null,
      };
      shares.set(subject, share);
    }
    for (;;) {
      const at = now();
      if (share.tokens > 0 && at <= share.until) {
        share.tokens -= 1;
        share.spent += 1;
        return told(local.take(subject), share.remaining + share.tokens);
      }
      if (share.fits_at > at) return refused(local.look(subject), (share.fits_at - at) / 1000);
      share.waiting += 1;
      share.filling ??= fill(subject, share);
      const answered = await inTime(share.filling, waitMs);
      share.waiting -= 1;
      // A database that is away takes nobody's service away: each node then holds the rule for itself.
      if (!answered) return local.take(subject);
    }
  };
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
