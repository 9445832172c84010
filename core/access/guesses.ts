import { Failure } from '../../sdk/contract/failure.ts';
import { countedAddress } from './address-list.ts';
import { createBurstLimit } from './burst.ts';
import { turnedAway } from './metrics.ts';

/** Wrong credentials of one address: 30 at once, then one every two seconds. */
const wrong = createBurstLimit({ burst: 30, per_second: 0.5 });

/** @throws Failure `rate_limited` when too many wrong credentials came from this address */
export function guardGuesses(address: string): void {
  const verdict = wrong.look(countedAddress(address));
  if (verdict.remaining > 0) return;
  throw new Failure('rate_limited', {
    message: 'Too many wrong credentials came from your address.',
    retry_after_s: Math.max(1, Math.ceil(verdict.reset_s)),
  });
}

/** Counts a wrong credential. */
export function countGuess(address: string): void {
  wrong.take(countedAddress(address));
  turnedAway.inc({ why: 'wrong credentials' });
}
