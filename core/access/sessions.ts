import { Failure } from '../../sdk/contract/failure.ts';
import { newId, randomBase62 } from '../database/id.ts';
import { trusted } from '../database/mongoose.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { accessTokenLife, signAccessToken } from './access-token.ts';
import { Session, type SessionDoc } from './model.ts';
import { readRefreshToken, signRefreshToken } from './refresh-token.ts';
import { hashToken, type SessionCookie } from './session-cookie.ts';

/** How long a sign-in lasts, in seconds: a browser's from its beginning, tokens from their last refresh. */
export const sessionLife = { browser: 14 * 86_400, tokens: 30 * 86_400, device: 90 * 86_400 } as const;

/** Where a sign-in comes from, as the list of sessions shows it. */
export interface Origin {
  address: string;
  user_agent: string;
}

/** Tokens for a program, or for a page that keeps its own. */
export interface TokenPair {
  access_token: string;
  refresh_token: string;
  /** seconds */
  expires_in: number;
}

/** Begins a session and gives its first tokens. */
export async function beginTokens(user_id: string, kind: 'tokens' | 'device', origin: Origin): Promise<TokenPair> {
  const session_id = await begin(user_id, kind, origin, null);
  return tokensOf(user_id, session_id, 0);
}

/** Begins a browser's session: what its cookie holds. */
export async function beginBrowserSession(user_id: string, origin: Origin): Promise<SessionCookie> {
  const secret = randomBase62(43);
  return { session_id: await begin(user_id, 'browser', origin, hashToken(secret)), secret };
}

/**
 * Takes a refresh token for new tokens; it is used up by that. One that was used before is in the wrong hands, and
 * nobody can tell whose are the right ones: the whole session ends (RFC 9700, section 4.14.2).
 *
 * @throws Failure `unauthenticated`
 */
export async function refreshTokens(refresh_token: string): Promise<TokenPair> {
  const claims = await readRefreshToken(refresh_token);
  if (!claims) throw refused('This refresh token is not one of ours.');
  const { session_id, generation } = claims;
  const session = await Session.findById(session_id).lean();
  if (!session || session.revoked_at || session.expires_at.getTime() <= Date.now())
    throw refused('This session has ended: sign in again.');
  const next = generation + 1;
  const now = new Date();
  const taken = await Session.updateOne(
    { _id: session_id, generation, revoked_at: null },
    { $set: { generation: next, last_used_at: now, expires_at: endOf(session.kind, now) } },
  );
  if (taken.modifiedCount === 1) return tokensOf(session.user_id, session_id, next);
  await endSessions({ _id: session_id }, 'reuse');
  throw refused('This refresh token was used before. In case it was stolen the session has been ended: sign in again.');
}

/** Ends sessions, seen by every node within a second. Returns how many. */
export async function endSessions(
  which: { _id?: string; user_id?: string; except?: string | null },
  reason: NonNullable<SessionDoc['revoked_reason']>,
): Promise<number> {
  return transaction(async () => {
    const { except, ...filter } = which;
    const ended = await Session.updateMany(
      { ...filter, ...(except ? { _id: trusted({ $ne: except }) } : {}), revoked_at: null },
      { $set: { revoked_at: new Date(), revoked_reason: reason } },
    );
    if (ended.modifiedCount > 0) await announce('site');
    return ended.modifiedCount;
  });
}

async function begin(
  user_id: string,
  kind: SessionDoc['kind'],
  origin: Origin,
  secret_hash: string | null,
): Promise<string> {
  const now = new Date();
  const _id = newId('ses');
  await Session.create({
    _id,
    user_id,
    kind,
    generation: 0,
    secret_hash,
    address: origin.address,
    user_agent: origin.user_agent.slice(0, 200),
    last_used_at: now,
    expires_at: endOf(kind, now),
  });
  return _id;
}

async function tokensOf(user_id: string, session_id: string, generation: number): Promise<TokenPair> {
  const [access_token, refresh_token] = await Promise.all([
    signAccessToken(user_id, session_id),
    signRefreshToken({ session_id, generation }),
  ]);
  return { access_token, refresh_token, expires_in: accessTokenLife };
}

function endOf(kind: SessionDoc['kind'], now: Date): Date {
  return new Date(now.getTime() + sessionLife[kind] * 1000);
}

function refused(message: string): Failure {
  return new Failure('unauthenticated', { message });
}
