import type { Call, Yields } from '../../../sdk/contract/manifest/shapes.ts';
import { readTokenAnswer, type Yielded } from './read-token-answer.ts';
import { sendCall, type TokenPoint } from './token-call.ts';
import { TokenError } from './token-error.ts';

const pair: Yields = { secrets: { oauth_token: '/oauth_token', oauth_token_secret: '/oauth_token_secret' } };

/**
 * Gets temporary credentials (RFC 5849, section 2.1), with which the browser is sent to the vendor. A vendor that does not
 * confirm the callback speaks the first OAuth 1.0, in which somebody else's authorisation can be finished.
 *
 * @param callback where the vendor sends the browser back to; it holds our state, which this protocol has no field for
 * @throws TokenError
 */
export async function temporaryToken(
  point: TokenPoint,
  call: Call,
  callback: string,
): Promise<{ oauth_token: string; oauth_token_secret: string }> {
  const { values, document } = await signedCall(point, call, pair, { oauth_callback: callback });
  if (String((document as { oauth_callback_confirmed?: unknown }).oauth_callback_confirmed) !== 'true')
    throw new TokenError('bad_answer', 'The vendor did not confirm the callback (oauth_callback_confirmed)');
  return { oauth_token: values.oauth_token ?? '', oauth_token_secret: values.oauth_token_secret ?? '' };
}

/**
 * Exchanges temporary credentials and the vendor's verifier for the account's token (RFC 5849, section 2.3).
 *
 * @throws TokenError
 */
export function accountToken(
  point: TokenPoint,
  call: Call,
  yields: Yields | undefined,
  temporary: { oauth_token: string; oauth_token_secret: string; oauth_verifier: string },
): Promise<Yielded> {
  return signedCall(point, call, yields ?? pair, temporary);
}

/** A call signed with nothing but what is given: an older token of the account must not come into it. */
async function signedCall(
  point: TokenPoint,
  call: Call,
  yields: Yields,
  credential: Record<string, string>,
): Promise<Yielded> {
  const sign = call.sign ?? point.auth.sign;
  const answer = await sendCall(
    { ...call, ...(sign ? { sign } : {}) },
    {},
    {
      ...point,
      values: { ...point.values, credential },
    },
  );
  return readTokenAnswer(answer, yields, Date.now());
}
