import { createHash } from 'node:crypto';
import { Failure } from '../../sdk/contract/failure.ts';
import { countedAddress } from './address-list.ts';
import type { Window } from './limits/sliding-window.ts';
import { giveBack, type QuotaTaken, takeQuota } from './limits/take-quota.ts';

const quarter = 900_000;

/** Wrong passwords in a quarter of an hour, over all nodes. */
const perPair: Window = { limit: 10, window_ms: quarter };
const perAddress: Window = { limit: 100, window_ms: quarter };
const perAccount: Window = { limit: 50, window_ms: quarter };

/** One attempt to sign in, already counted as a wrong one. */
export interface Attempt {
  /** It was a right one: count it no more. */
  right(): Promise<void>;
}

/**
 * Counts an attempt to sign in before it is judged, so that a thousand at once are no loophole.
 *
 * Three counts: this account from this address; this address for any account; this account from addresses where its
 * person never signed in. The last is what slows down a swarm, and it is not asked where the person did sign in before:
 * so nobody is locked out of their own account by strangers. Unknown accounts are counted the same.
 *
 * @param known true when this person signed in from this address before
 * @throws Failure `rate_limited`
 */
export async function beginAttempt(email: string, address: string, known: boolean): Promise<Attempt> {
  const from = countedAddress(address);
  const account = createHash('sha256').update(email).digest('base64url').slice(0, 22);
  const counts: [string, Window][] = [
    [`login-pair:${account}:${from}`, perPair],
    [`login-address:${from}`, perAddress],
    ...(known ? [] : ([[`login-account:${account}`, perAccount]] as [string, Window][])),
  ];
  const taken: [string, Window, QuotaTaken][] = [];
  const undo = async () => {
    for (const [subject, window, { bucket }] of taken) await giveBack(subject, window, bucket, 1);
  };
  for (const [subject, window] of counts) {
    const one = await takeQuota(subject, window);
    if (one.granted === 0) {
      await undo();
      throw new Failure('rate_limited', {
        message: 'Too many wrong passwords; wait a while.',
        retry_after_s: Math.max(1, Math.ceil((one.fits_at - Date.now()) / 1000)),
      });
    }
    taken.push([subject, window, one]);
  }
  return { right: undo };
}
