import type { FetchRequest, Grant, NetworkGrant } from '../types.ts';
import { matchHost } from './match-host.ts';
import { matchPath } from './match-path.ts';
import type { Verdict } from './verdict.ts';
import { denied, invalid, isObject, isShortText, short } from './verdict.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Headers that frame a message or name its way: the host's to write. */
const RESERVED =
  /^(host|connection|content-length|transfer-encoding|keep-alive|upgrade|te|trailer|expect|via|forwarded|x-forwarded-.*|x-real-ip|proxy-.*|sec-.*)$/;
const MAX_URL = 8192;
const MAX_HEADERS = 64;

/** A judged address: `grant` is the one that allows it; `url` the parsed one, null when it is relative. */
export type FetchJudgement = { ok: true; grant: NetworkGrant; url: URL | null } | { ok: false; message: string };

/**
 * May a plugin with these grants reach this address? Pure; judged on the parsed URL, never on its text. The sandbox asks
 * for each request, the host again for the resolved address and for each redirect.
 *
 * A relative URL is allowed when any network grant allows its method: the host resolves it against `base_url` and asks again.
 */
export function judgeFetch(grants: readonly Grant[], request: { url: string; method: string }): FetchJudgement {
  const network = grants.filter((grant) => grant.name === 'network');
  if (network.length === 0) return { ok: false, message: 'This plugin was not granted "network"' };
  const { method } = request;
  if (!METHODS.has(method)) return { ok: false, message: `The method "${short(method, 20)}" is not allowed` };
  const allowing = network.filter((grant) => !grant.methods || grant.methods.includes(method));
  if (allowing.length === 0) return { ok: false, message: `No network grant of this plugin allows ${method}` };
  if (isRelative(request.url)) return { ok: true, grant: allowing[0] as NetworkGrant, url: null };

  const url = URL.parse(request.url);
  if (!url) return { ok: false, message: `"${short(request.url)}" is not an address` };
  if (url.username || url.password) return { ok: false, message: 'An address must not carry a user name or password' };
  const named = allowing.filter((grant) => grant.hosts.some((host) => matchHost(host, url)));
  if (named.length === 0) return { ok: false, message: `This plugin was not granted ${short(url.origin)}` };
  const grant = named.find(({ paths }) => !paths || paths.some((path) => matchPath(path, url.pathname)));
  if (!grant) return { ok: false, message: `This plugin was not granted ${short(url.origin + url.pathname)}` };
  return { ok: true, grant, url };
}

/** Neither a scheme nor a host of its own: "//evil" and "\\evil" name a host, controls are trimmed by URL parsers. */
function isRelative(url: string): boolean {
  if (/[\0-\x20\x7f]/.test(url)) return false;
  return !/^[a-z][a-z0-9+\-.]*:/i.test(url) && !/^[/\\]{2}/.test(url);
}

/** Reads what a guest asked to fetch and judges it. */
export function judgeFetchRequest(grants: readonly Grant[], value: unknown): Verdict<FetchRequest> {
  const wrong = (message: string) => invalid('network', 'fetch', message);
  if (!isObject(value)) return wrong('ctx.fetch takes an address and options');
  const { url, method, headers = {}, query, body, body_encoding, auth, as, redirect, timeout_ms, max_bytes } = value;
  if (typeof url !== 'string' || url.length > MAX_URL)
    return wrong(`The address must be text of at most ${MAX_URL} characters`);
  if (typeof method !== 'string') return wrong('The method must be text');
  if (!isObject(headers)) return wrong('The headers must be names with texts');
  const headersProblem = checkHeaders(headers);
  if (headersProblem) return wrong(headersProblem);
  if (query !== undefined && !isQuery(query)) return wrong('The query must be names with texts or lists of texts');
  if (body !== undefined && typeof body !== 'string') return wrong('The body must be text');
  if (body_encoding !== undefined && body_encoding !== 'utf8' && body_encoding !== 'base64')
    return wrong('Bad body encoding');
  if (auth !== false && !isShortText(auth, 100)) return wrong('auth must be a name, or false');
  if (!isShortText(as, 200)) return wrong('as must be a text');
  if (redirect !== undefined && redirect !== 'follow' && redirect !== 'manual' && redirect !== 'error') {
    return wrong('redirect must be "follow", "manual" or "error"');
  }
  for (const number of [timeout_ms, max_bytes]) {
    if (number !== undefined && !(typeof number === 'number' && number > 0))
      return wrong('Times and sizes are above 0');
  }
  const request: FetchRequest = { ...(value as unknown as FetchRequest), headers: headers as Record<string, string> };
  const judged = judgeFetch(grants, { url, method });
  const detail = `${method} ${judged.ok && judged.url ? judged.url.host + judged.url.pathname : withoutQuery(url)}`;
  if (!judged.ok) return denied('network', detail, judged.message);
  return { ok: true, permission: 'network', detail: short(detail), request };
}

function withoutQuery(url: string): string {
  return short(url.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//'));
}

function checkHeaders(headers: Record<string, unknown>): string | null {
  const names = Object.keys(headers);
  if (names.length > MAX_HEADERS) return `At most ${MAX_HEADERS} headers`;
  for (const name of names) {
    const value = headers[name];
    if (!TOKEN.test(name)) return `"${short(name, 40)}" is no header name`;
    if (RESERVED.test(name.toLowerCase())) return `The header "${name}" is written by the host`;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: line breaks would split the request
    if (typeof value !== 'string' || value.length > 8192 || /[\0-\x08\n-\x1f\x7f]/.test(value)) {
      return `The header "${name}" must be one line of text`;
    }
  }
  return null;
}

function isQuery(query: unknown): boolean {
  if (!isObject(query)) return false;
  return Object.values(query).every(
    (v) => typeof v === 'string' || (Array.isArray(v) && v.every((x) => typeof x === 'string')),
  );
}
