import { timingSafeEqual } from 'node:crypto';
import { errors } from 'jose';
import { Failure } from '../../sdk/contract/failure.ts';
import type { Caller } from '../http/caller.ts';
import { type AccessClaims, readAccessToken } from './access-token.ts';
import { isAllowedAddress } from './address-list.ts';
import { looksLikeKey } from './api-key-text.ts';
import { cached } from './cache.ts';
import { findApiKey } from './find-api-key.ts';
import { findPerson, findSession, type Person, type PersonMembership } from './find-person.ts';
import { countGuess } from './guesses.ts';
import { noteKeyUse } from './key-usage.ts';
import { isFromOutside, readOutsideToken } from './outside-token.ts';
import { hashToken, isFromOurPage, readChosenWorkspace, readSessionCookie } from './session-cookie.ts';

export interface Ask {
  /** lower-case names */
  headers: Record<string, string | undefined>;
  /** the client's address */
  address: string;
  method: string;
  /** whether the route takes anybody */
  is_public: boolean;
}

/**
 * Finds out who asks: by API key (`X-API-Key`, or as bearer), access token (bearer), or session cookie.
 *
 * @returns null without credentials. A cookie that has ended counts as none, and so does one without `X-CSRF-Token`
 *   where a public route is to change something: browsers send cookies unasked.
 * @throws Failure `unauthenticated` (wrong credentials), `malformed` (two at once), `forbidden` (address not allowed,
 *   CSRF token missing or wrong), `not_found` (`X-Workspace-Id` of a workspace that is not one's own), `rate_limited` (guessing)
 */
export async function authenticate(ask: Ask): Promise<Caller | null> {
  const bearer = readBearer(ask.headers.authorization);
  if (bearer !== null && ask.headers['x-api-key'] !== undefined) {
    throw new Failure('malformed', { message: 'Authorization and X-API-Key came both: send one of them.' });
  }
  const key = keyIn(ask.headers);
  try {
    if (key !== null) {
      const caller = await callerOfKey(key, ask);
      noteKeyUse(caller.id);
      return caller;
    }
    if (bearer !== null) return await callerOfToken(bearer, ask);
  } catch (error) {
    if (error instanceof Failure && error.name === 'unauthenticated') countGuess(ask.address);
    throw error;
  }
  return callerOfCookie(ask);
}

/** The session that a request belongs to; null for one by API key or without credentials. */
export async function sessionOf(headers: Ask['headers']): Promise<string | null> {
  const bearer = readBearer(headers.authorization);
  if (bearer !== null) return looksLikeKey(bearer) ? null : (await readToken(bearer)).session_id || null;
  return readSessionCookie(headers.cookie)?.session_id ?? null;
}

/** The API key that a request carries; null where it carries none. */
export function keyIn(headers: Ask['headers']): string | null {
  const bearer = readBearer(headers.authorization);
  return headers['x-api-key'] ?? (bearer !== null && looksLikeKey(bearer) ? bearer : null);
}

function readBearer(header: string | undefined): string | null {
  if (header === undefined) return null;
  const match = /^Bearer +([\w.~+/=-]{1,8192})$/i.exec(header.trim());
  if (match?.[1]) return match[1];
  throw new Failure('malformed', {
    message: 'Authorization takes: Bearer, a space, and an access token or an API key.',
  });
}

/** @throws Failure as `authenticate` does */
export async function callerOfKey(text: string, ask: Ask): Promise<Caller> {
  const { key, workspace_addresses } = await findApiKey(text, ask.address);
  if (!isAllowedAddress(ask.address, key.ip_allowlist)) throw notFrom(ask.address, 'this API key');
  if (!isAllowedAddress(ask.address, workspace_addresses)) throw notFrom(ask.address, 'this workspace');
  const wanted = ask.headers['x-workspace-id'];
  if (wanted !== undefined && wanted !== key.workspace_id) throw noWorkspace();
  return {
    kind: 'key',
    id: key._id,
    label: key.prefix,
    user_id: key.created_by,
    workspace_id: key.workspace_id,
    // What a key may is in its scopes; the role is for verbs that ask for no more than this.
    role: key.scopes.includes('admin') ? 'admin' : 'viewer',
    site_roles: [],
    scopes: key.scopes,
    project_id: key.project_id,
    by_cookie: false,
  };
}

async function callerOfToken(token: string, ask: Ask): Promise<Caller> {
  const { user_id, session_id } = await readToken(token);
  // An outside token has no session of ours; its issuer ends it.
  if (session_id && !(await findSession(session_id))) throw refused('This session has ended: sign in again.');
  return callerOfPerson(await findPerson(user_id), ask, null);
}

/** A verified token is remembered for a minute: checking its signature again would cost more than all the rest. */
async function readToken(token: string): Promise<AccessClaims> {
  let claims: AccessClaims | null;
  try {
    claims = await cached('site', 'token', token, () =>
      isFromOutside(token) ? readOutsideToken(token) : readAccessToken(token),
    );
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError)) throw cause;
    throw refused(explain(cause), cause);
  }
  if (!claims)
    throw refused('This token is genuine, but nobody here belongs to it: ask for an invitation to its e-mail address.');
  if (claims.expires_at <= Date.now()) throw refused('This access token has expired: refresh it.');
  return claims;
}

async function callerOfCookie(ask: Ask): Promise<Caller | null> {
  const cookie = readSessionCookie(ask.headers.cookie);
  if (!cookie) return null;
  const session = await findSession(cookie.session_id);
  if (!session?.secret_hash) return null;
  if (!timingSafeEqual(Buffer.from(session.secret_hash), Buffer.from(hashToken(cookie.secret)))) return null;
  if (ask.method !== 'GET' && ask.method !== 'HEAD') {
    if (ask.headers['x-csrf-token'] === undefined && ask.is_public) return null;
    if (!isFromOurPage(cookie.secret, ask.headers)) {
      throw new Failure('forbidden', {
        message:
          'With the session cookie X-CSRF-Token has to hold the value of the pb_csrf cookie, and the page has to be ours.',
      });
    }
  }
  const person = await findPerson(session.user_id);
  return person && callerOfPerson(person, ask, { chosen: readChosenWorkspace(ask.headers.cookie) });
}

/** @param browser null: not by cookie; else the workspace that was chosen in that browser */
export function callerOfPerson(person: Person | null, ask: Ask, browser: { chosen: string | null } | null): Caller {
  if (!person) throw refused('This account is not active any more.');
  const wanted = ask.headers['x-workspace-id'];
  const memberOf = (id: string | null) => person.memberships.find(({ workspace_id }) => workspace_id === id);
  const letsIn = ({ addresses }: PersonMembership) => isAllowedAddress(ask.address, addresses);
  // What was chosen in a browser long ago may be left by now. Its page then starts in the first that it may be in.
  const usual = () => browser && (memberOf(browser.chosen) ?? person.memberships.find(letsIn));
  let membership = wanted === undefined ? (usual() ?? person.memberships[0]) : memberOf(wanted);
  if (wanted !== undefined && !membership) throw noWorkspace();
  if (membership && !letsIn(membership)) {
    // What is for anybody takes no workspace: from everywhere one can sign out, or in as somebody else.
    if (!ask.is_public || wanted !== undefined) throw notFrom(ask.address, 'this workspace');
    membership = undefined;
  }
  return {
    kind: 'user',
    id: person.user_id,
    label: person.email,
    user_id: person.user_id,
    workspace_id: membership?.workspace_id ?? '',
    role: membership?.role ?? 'viewer',
    site_roles: person.site_roles,
    scopes: null,
    project_id: null,
    by_cookie: browser !== null,
  };
}

/** Says what is wrong with a token without saying what would be right. */
function explain({ code }: errors.JOSEError): string {
  if (code === 'ERR_JWT_EXPIRED') return 'This access token has expired: refresh it.';
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') return 'This access token was not made for this host.';
  return 'This is not an access token that this host takes.';
}

function refused(message: string, cause?: unknown): Failure {
  return new Failure('unauthenticated', { message, cause });
}

function notFrom(address: string, what: string): Failure {
  return new Failure('forbidden', { message: `Your address ${address} is not on the allowlist of ${what}.` });
}

function noWorkspace(): Failure {
  return new Failure('not_found', {
    message: 'There is no such workspace, or you are no member of it (X-Workspace-Id).',
  });
}
