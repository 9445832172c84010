import type { Yields } from '../../../sdk/contract/manifest/shapes.ts';
import { valueAt } from '../../../sdk/contract/pointer.ts';
import { asText, parsed, valuesAt } from '../read-ref.ts';
import { TokenError } from './token-error.ts';

/** What a token answer yielded. */
export interface Yielded {
  values: Record<string, string>;
  /** scopes that were granted, when the answer tells */
  scopes: string[] | null;
  /** when the access token ends, ms since 1970; `null` when it does not, or is not told */
  expires_at: number | null;
  /** the parsed answer, for `learn`; never kept */
  document: unknown;
}

/** What RFC 6749, section 5.1, says, for manifests that add nothing. */
const standard: Yields = {
  secrets: { access_token: '/access_token', refresh_token: '/refresh_token' },
  expires_in: '/expires_in',
  scope: '/scope',
};

/**
 * Reads a token answer as the manifest declares it: JSON or form-encoded, behind a prefix, nested, with the expiry in
 * seconds or milliseconds, as a duration or a time, with scopes as a text or a list, and with errors inside a 200.
 *
 * @throws TokenError with the vendor's own error code
 */
export function readTokenAnswer(
  answer: { status: number; headers: Record<string, string>; body: Buffer },
  declared: Yields | undefined,
  now_ms: number,
): Yielded {
  const yields = declared ?? standard;
  const whole = parseAnswer(answer, yields.strip_prefix);
  const document = yields.at === undefined ? whole : (valueAt(whole, yields.at) ?? {});
  const values: Record<string, string> = {};
  for (const [name, pointer] of Object.entries(yields.secrets)) {
    const value = asText(valuesAt(document, pointer)[0]);
    if (value !== undefined && value !== '') values[name] = value;
  }
  const first = Object.keys(yields.secrets)[0] ?? 'access_token';
  if (answer.status >= 400 || values[first] === undefined) throw errorIn(whole, answer.status);
  return {
    values,
    scopes: scopesIn(document, yields),
    expires_at: expiryIn(document, yields, now_ms),
    document: whole,
  };
}

function parseAnswer(
  answer: { status: number; headers: Record<string, string>; body: Buffer },
  prefix?: string,
): unknown {
  let text = answer.body.toString().trim();
  if (prefix !== undefined && text.startsWith(prefix)) text = text.slice(prefix.length).trim();
  const json = parsed(text);
  if (typeof json === 'object' && json !== null) return json;
  // GitHub and older vendors answer form-encoded, some with the content type of HTML.
  if (/^[\w.-]+=[^\s<>{]*$/.test(text)) return Object.fromEntries(new URLSearchParams(text));
  if (answer.status >= 400) return {};
  throw new TokenError('unreadable', `The token answer (HTTP ${answer.status}) is neither JSON nor a form`, {
    status: answer.status,
  });
}

function errorIn(document: unknown, status: number): TokenError {
  const at = (...pointers: string[]) => pointers.map((one) => asText(valueAt(document, one))).find(Boolean);
  const code = at(
    '/error',
    '/error/code',
    '/error/type',
    '/errorCode',
    '/errcode',
    '/code',
    '/errors/0/errorType',
    '/errors/0/code',
  );
  const words = at(
    '/error_description',
    '/error/message',
    '/message',
    '/errmsg',
    '/error_message',
    '/errors/0/message',
    '/reason',
  );
  // Vendors that use words of their own for a dead grant: Slack, Fitbit, Salesforce, Meta (190).
  const dead =
    /^(invalid_grant|invalid_refresh_token|token_revoked|bad_refresh_token|expired_token|refresh_token_expired|190)$/i;
  const name =
    code === undefined ? (status >= 500 ? 'no_answer' : 'unreadable') : dead.test(code) ? 'invalid_grant' : code;
  const said = words ?? code ?? 'it holds no token';
  return new TokenError(
    name.slice(0, 60),
    `The vendor refused to give a token (HTTP ${status}): ${said.slice(0, 300)}`,
    { status },
  );
}

function scopesIn(document: unknown, yields: Yields): string[] | null {
  const found = yields.scope === undefined ? undefined : valueAt(document, yields.scope);
  if (Array.isArray(found)) return found.map(asText).filter((one): one is string => Boolean(one));
  const text = asText(found);
  if (text === undefined) return null;
  return text.split(/[\s,]+/).filter(Boolean);
}

function expiryIn(document: unknown, yields: Yields, now_ms: number): number | null {
  const unit = yields.unit === 'ms' ? 1 : 1000;
  if (yields.expires_at !== undefined) {
    const value = valueAt(document, yields.expires_at);
    const number = Number(value);
    const at = typeof value === 'string' && !/^\d+(\.\d+)?$/.test(value) ? Date.parse(value) : number * unit;
    if (value !== undefined && value !== null && Number.isFinite(at)) return at;
  }
  if (yields.expires_in !== undefined) {
    const value = valueAt(document, yields.expires_in);
    const number = Number(value);
    if (value !== undefined && value !== null && value !== '' && Number.isFinite(number) && number > 0)
      return now_ms + number * unit;
  }
  return yields.default_life_s === undefined ? null : now_ms + yields.default_life_s * 1000;
}
