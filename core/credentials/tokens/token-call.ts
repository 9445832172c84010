import * as oauth from 'oauth4webapi';
import type { Auth } from '../../../sdk/contract/manifest/auth.ts';
import type { Call, Yields } from '../../../sdk/contract/manifest/shapes.ts';
import type { EgressAnswer } from '../../egress/egress.ts';
import { egress } from '../../egress/egress.ts';
import { EgressError } from '../../egress/egress-error.ts';
import type { Outgoing } from '../outgoing.ts';
import { sign, signedJwt } from '../sign.ts';
import { fill, fillAll, type Values } from '../template-values.ts';
import { readTokenAnswer, type Yielded } from './read-token-answer.ts';
import { TokenError } from './token-error.ts';

/** Whom the host asks for a token, and as whom. */
export interface TokenPoint {
  auth: Auth;
  values: Values;
  /** whether addresses that the operator opened may be asked: the network grant says `private: true` */
  allow_private: boolean;
}

/**
 * Sends one of the manifest's own calls (token, refresh, revoke, exchange): the parameters as a form, JSON or query;
 * client authentication as declared.
 *
 * @param params what the protocol adds; the manifest's `params` win
 * @throws TokenError `no_answer`, TemplateError
 */
export async function sendCall(call: Call, params: Record<string, string>, point: TokenPoint): Promise<EgressAnswer> {
  const { values } = point;
  const url = new URL(fill(call.url, values));
  const all: Record<string, string> = { ...params, ...fillAll(call.params, values) };
  const headers: Record<string, string> = { accept: 'application/json' };
  const id = values.app.client_id ?? values.credential.client_id;
  const secret = values.app.client_secret ?? values.credential.client_secret;
  const client = call.client ?? (secret === undefined ? 'none' : 'body');
  // OAuth 1.0a says who we are in the signature.
  if (call.sign?.scheme === 'oauth1') delete all.client_id;
  else if (client === 'basic')
    headers.authorization = `Basic ${Buffer.from(`${encodeForm(id ?? '')}:${encodeForm(secret ?? '')}`).toString('base64')}`;
  else if (id !== undefined) {
    all.client_id ??= id;
    if (client === 'body' && secret !== undefined) all.client_secret ??= secret;
  }
  if (call.sign?.scheme === 'jwt') all.assertion ??= await signedJwt(call.sign, values, { now_ms: Date.now() });
  for (const [name, value] of Object.entries(fillAll(call.headers, values))) headers[name.toLowerCase()] = value;
  let outgoing: Outgoing = { url, method: call.method ?? 'POST', headers, body: null };
  const as = outgoing.method === 'GET' ? 'query' : (call.as ?? 'form');
  if (as === 'query') for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  else {
    const text = as === 'json' ? JSON.stringify(all) : new URLSearchParams(all).toString();
    headers['content-type'] ??= as === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
    outgoing = { ...outgoing, body: Buffer.from(text) };
  }
  if (call.sign && call.sign.scheme !== 'jwt') outgoing = await sign(outgoing, call.sign, values);
  try {
    // Redirects are not followed: a token address that redirects would carry the client's secret on.
    return await egress({
      url: outgoing.url.href,
      method: outgoing.method,
      headers: outgoing.headers,
      body: outgoing.body,
      timeout_ms: 20_000,
      max_bytes: 256_000,
      allow_private: point.allow_private,
    });
  } catch (cause) {
    if (!(cause instanceof EgressError)) throw cause;
    throw new TokenError('no_answer', `The vendor’s token address could not be asked: ${cause.message}`, { cause });
  }
}

/**
 * Runs a grant by `oauth4webapi`, which is strict, behind a normaliser that turns the vendor's dialect into the
 * standard's words as the manifest declares. Parameters and client authentication follow the declaration.
 *
 * @throws TokenError
 */
export async function runGrant(
  point: TokenPoint,
  call: Call,
  yields: Yields | undefined,
  grant: { type: string; params: Record<string, string> },
): Promise<Yielded> {
  const issuer = new URL(fill(call.url, point.values)).origin;
  const server: oauth.AuthorizationServer = { issuer, token_endpoint: fill(call.url, point.values) };
  const client: oauth.Client = { client_id: point.values.app.client_id ?? point.values.credential.client_id ?? 'none' };
  let yielded: Yielded | undefined;
  const response = await oauth.genericTokenEndpointRequest(server, client, oauth.None(), grant.type, grant.params, {
    // Plain http is judged where all addresses are: in egress and by the grant.
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (_, { body }) => {
      const params = Object.fromEntries(body as URLSearchParams);
      if (client.client_id === 'none' || call.client === 'basic') delete params.client_id;
      yielded = readTokenAnswer(await sendCall(call, params, point), yields, Date.now());
      return standardAnswer(yielded);
    },
  });
  try {
    await oauth.processGenericTokenEndpointResponse(server, client, response);
  } catch (cause) {
    throw new TokenError('unreadable', `The token answer is not one: ${(cause as Error).message.slice(0, 200)}`, {
      cause,
    });
  }
  return yielded as Yielded;
}

/** What was yielded, in the words of RFC 6749, section 5.1, so that the strict library checks it. */
function standardAnswer({ values, expires_at, scopes }: Yielded): Response {
  const first = values.access_token ?? Object.values(values)[0];
  return Response.json({
    access_token: first,
    token_type: 'bearer',
    ...(values.refresh_token === undefined ? {} : { refresh_token: values.refresh_token }),
    ...(expires_at === null ? {} : { expires_in: Math.max(1, Math.round((expires_at - Date.now()) / 1000)) }),
    ...(scopes === null ? {} : { scope: scopes.join(' ') }),
  });
}

/** RFC 6749, section 2.3.1: id and secret are form-encoded before they are put into Basic. */
function encodeForm(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
