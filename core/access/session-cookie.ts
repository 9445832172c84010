import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { config } from '../config.ts';

/** A browser's session cookie holds `<session id>.<secret>`; the database only the secret's SHA-256. */
const shape = /^(ses_[A-Za-z0-9]{1,40})\.([A-Za-z0-9]{43})$/;

export interface SessionCookie {
  session_id: string;
  secret: string;
}

/** What the request's session cookie says; null without one, or with one that is not ours. */
export function readSessionCookie(header: string | undefined): SessionCookie | null {
  const wanted = sessionCookieName();
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() !== wanted) continue;
    const match = shape.exec(part.slice(at + 1).trim());
    if (match?.[1] && match[2]) return { session_id: match[1], secret: match[2] };
  }
  return null;
}

/**
 * The workspace that a page of ours chose for this browser; no right, only a wish. Null where none did. Under HTTPS only
 * with the prefix: another host of the domain is not to move somebody into a workspace of its own.
 */
export function readChosenWorkspace(header: string | undefined): string | null {
  const name = secure() ? '__Host-pb_workspace' : '(?:__Host-)?pb_workspace';
  return new RegExp(`(?:^|;)\\s*${name}=(wsp_\\w{1,40})\\s*(?:;|$)`).exec(header ?? '')?.[1] ?? null;
}

/** The Set-Cookie lines that begin a browser's session. `pb_csrf` is for the page to read and send back. */
export function sessionCookies({ session_id, secret }: SessionCookie, life_s: number): string[] {
  const ends = `; Path=/; Max-Age=${life_s}; SameSite=Strict${secure()}`;
  return [`${sessionCookieName()}=${session_id}.${secret}${ends}; HttpOnly`, `pb_csrf=${csrfToken(secret)}${ends}`];
}

/** The Set-Cookie lines that end it. */
export function endedCookies(): string[] {
  const ends = `; Path=/; Max-Age=0; SameSite=Strict${secure()}`;
  return [`${sessionCookieName()}=${ends}; HttpOnly`, `pb_csrf=${ends}`];
}

/** The token that a page of ours can read and another site's cannot (OWASP: signed double submit, bound to the session). */
export function csrfToken(secret: string): string {
  return createHmac('sha256', secret).update('patchbay csrf').digest('base64url');
}

/** True when a request by cookie really comes from a page of ours. */
export function isFromOurPage(secret: string, headers: Record<string, string | undefined>): boolean {
  const given = Buffer.from(headers['x-csrf-token'] ?? '');
  const right = Buffer.from(csrfToken(secret));
  if (given.length !== right.length || !timingSafeEqual(given, right)) return false;
  const origin = headers.origin;
  if (origin === undefined) return true;
  return origin === URL.parse(config().url)?.origin || URL.parse(origin)?.host === headers.host;
}

/** How a session's secret, and every other random token of ours, is stored. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Under HTTPS the `__Host-` prefix keeps other hosts of the domain from setting it (RFC 6265bis, section 4.1.3.2). */
function sessionCookieName(): string {
  return secure() ? '__Host-pb_session' : 'pb_session';
}

function secure(): string {
  return config().url.startsWith('https:') ? '; Secure' : '';
}
