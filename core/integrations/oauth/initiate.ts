import { randomBytes } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { Failure } from '../../../sdk/contract/failure.ts';
import type { Auth } from '../../../sdk/contract/manifest/auth.ts';
import type { Manifest } from '../../../sdk/contract/manifest.ts';
import { quote } from '../../../sdk/contract/quote.ts';
import { TemplateError } from '../../../sdk/contract/template.ts';
import { Workspace } from '../../access/model.ts';
import { hashToken } from '../../access/session-cookie.ts';
import { config } from '../../config.ts';
import { type Credential, openCredential } from '../../credentials/credential.ts';
import { fill, fillAll } from '../../credentials/template-values.ts';
import { temporaryToken } from '../../credentials/tokens/oauth1-token.ts';
import type { TokenPoint } from '../../credentials/tokens/token-call.ts';
import { TokenError } from '../../credentials/tokens/token-error.ts';
import { tokenPoint } from '../../credentials/tokens/token-point.ts';
import type { Caller } from '../../http/caller.ts';
import { base } from '../../http/router.ts';
import type { Installation } from '../../installations/model.ts';
import { seal } from '../../vault/vault.ts';
import type { IntegrationDoc } from '../model.ts';
import { scopeOf } from '../scope-of.ts';
import { type FlowSecret, OAuthState } from './model.ts';

const life_ms = 600_000;

export interface Begin {
  installation: Installation;
  /** reconnects this one; `null` makes a new integration when the vendor says yes */
  integration: IntegrationDoc | null;
  project_id: string;
  scopes?: string[] | undefined;
  /** where the browser goes afterwards; on the workspace's allowlist, or our own console */
  return_to?: string | undefined;
  additional_params?: Record<string, string> | undefined;
}

export interface Begun {
  authorization_url: string;
  state: string;
  /** to be set in the browser that began it: the callback must come from the same one */
  cookie: string | null;
}

/**
 * Begins an OAuth 2 authorisation (RFC 6749, section 4.1) with PKCE S256 (RFC 7636) unless the vendor refuses it, or one
 * of OAuth 1.0a (RFC 5849), where the vendor is asked for temporary credentials first.
 * What the callback must match is stored, so it survives a restart: the state once, for ten minutes, for this user and
 * workspace, and for this browser when it was begun in one (RFC 9700, section 4.7).
 *
 * @throws Failure `conflict` when the plugin has no OAuth or no app is set up, `validation_failed` for a bad return address
 */
export async function beginOAuth(caller: Caller, begin: Begin): Promise<Begun> {
  const { installation, integration } = begin;
  const { manifest } = installation;
  const auth = oauthOf(manifest, integration?.auth_name ?? null);
  await checkReturn(caller.workspace_id, begin.return_to);
  const credential: Credential | null = integration ? openCredential(integration) : null;
  const scope = await scopeOf(installation, integration, begin.project_id);
  const point = await tokenPoint(scope, auth, integration, credential);
  const client_id = point.values.app.client_id;
  if (client_id === undefined) throw noApp(manifest);
  const state = randomBytes(32).toString('base64url');
  const redirect_uri = redirectUriOf(manifest);
  const scopes = begin.scopes ?? askedScopes(auth);
  const authorize = auth.authorize as NonNullable<Auth['authorize']>;
  let url: URL;
  try {
    url = new URL(fill(authorize.url, point.values));
    for (const [name, value] of Object.entries({
      ...fillAll(authorize.params, point.values),
      ...begin.additional_params,
    }))
      url.searchParams.set(name, value);
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    throw new Failure('conflict', { message: `${cause.message}: ${cause.fix}`, cause });
  }
  if (scopes.length > 0) url.searchParams.set('scope', scopes.join(authorize.separator ?? ' '));
  const secret: FlowSecret = {};
  if (auth.type === 'oauth1') {
    const callback = `${redirect_uri}?${new URLSearchParams({ state })}`;
    secret.temporary = await temporary(point, auth, callback);
    url.searchParams.set('oauth_token', secret.temporary.oauth_token);
  } else {
    secret.code_verifier = oauth.generateRandomCodeVerifier();
    url.searchParams.set('response_type', 'code');
    url.searchParams.set(authorize.client_id_param ?? 'client_id', client_id);
    url.searchParams.set('redirect_uri', redirect_uri);
    url.searchParams.set('state', state);
    if (authorize.pkce === 'S256') {
      url.searchParams.set('code_challenge', await oauth.calculatePKCECodeChallenge(secret.code_verifier));
      url.searchParams.set('code_challenge_method', 'S256');
    }
  }
  const browser = caller.by_cookie ? randomBytes(32).toString('base64url') : null;
  const _id = hashToken(state);
  await OAuthState.create({
    _id,
    workspace_id: caller.workspace_id,
    user_id: caller.user_id,
    browser: browser === null ? null : hashToken(browser),
    installation_id: installation._id,
    auth_name: auth.name,
    integration_id: integration?._id ?? null,
    project_id: begin.project_id,
    scopes,
    redirect_uri,
    return_to: begin.return_to ?? null,
    secret: seal(JSON.stringify(secret), {
      workspace_id: caller.workspace_id,
      record: _id,
      field: 'secret',
    }),
    created_by: { kind: caller.kind, id: caller.id, label: caller.label },
    expires_at: new Date(Date.now() + life_ms),
  });
  return { authorization_url: url.href, state, cookie: browser === null ? null : browserCookie(browser) };
}

/** @throws Failure `service_unavailable` with what the vendor said */
async function temporary(point: TokenPoint, auth: Auth, callback: string) {
  try {
    return await temporaryToken(point, auth.request as NonNullable<Auth['request']>, callback);
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause;
    throw new Failure('service_unavailable', { message: cause.message, cause, retry_after_s: 10, help: 'oauth-token' });
  }
}

/** The way to authorise by OAuth that a manifest offers. @throws Failure `conflict` when there is none */
export function oauthOf(manifest: Manifest, name: string | null): Auth {
  const all = (manifest.auth ?? []).filter((auth) => ['oauth2', 'oauth1'].includes(auth.type) && auth.authorize);
  const auth = all.find((one) => one.name === name) ?? all[0];
  if (auth) return auth;
  throw new Failure('conflict', {
    message: `${manifest.name} has no OAuth: connect it with ${(manifest.auth ?? []).map(({ type }) => type).join(' or ') || 'nothing'}`,
  });
}

/** The address that the vendor sends the browser back to, to be registered there: one per platform (RFC 9700, 2.1). */
export function redirectUriOf(manifest: Manifest): string {
  return `${config().url}${base}/auth/${manifest.integration?.type ?? 'plugin'}/callback`;
}

function askedScopes(auth: Auth): string[] {
  return (auth.authorize?.scopes ?? []).flatMap((one) =>
    typeof one === 'string' ? [one] : one.optional ? [] : [one.scope],
  );
}

function noApp(manifest: Manifest): Failure {
  const type = manifest.integration?.type ?? '';
  return new Failure('conflict', {
    help: 'oauth-no-app',
    message: `No OAuth app is set up for ${type}: PUT /integrations/types/${type}/oauth-client with its client_id and client_secret, or set ${type.toUpperCase()}_CLIENT_ID and ${type.toUpperCase()}_CLIENT_SECRET; the redirect URI to register is ${redirectUriOf(manifest)}`,
  });
}

/** @throws Failure `validation_failed` for an address that is neither ours nor on the workspace's allowlist */
async function checkReturn(workspace_id: string, return_to: string | undefined): Promise<void> {
  if (return_to === undefined || URL.parse(return_to)?.origin === new URL(config().url).origin) return;
  const workspace = await Workspace.findOne({ _id: workspace_id }).lean();
  // Compared whole: a prefix would let an open redirect on that site pass codes on (RFC 9700, section 4.1).
  if (workspace?.redirect_uris.includes(return_to)) return;
  throw new Failure('validation_failed', {
    help: 'oauth-redirect',
    content: {
      errors: [
        {
          pointer: '/redirect_uri',
          message: `${quote(return_to)} is not on this workspace’s allowlist; add it with PATCH /workspaces/${workspace_id} {"redirect_uris": […]}`,
          keyword: 'enum',
          params: {},
        },
      ],
    },
  });
}

const cookieName = 'pb_oauth';

function browserCookie(value: string): string {
  const secure = config().url.startsWith('https:') ? '; Secure' : '';
  // Lax: it must come along when the vendor sends the browser back to us.
  return `${cookieName}=${value}; Path=${base}; Max-Age=${life_ms / 1000}; SameSite=Lax; HttpOnly${secure}`;
}

/** The value of the browser's cookie in a `Cookie` header. */
export function readBrowserCookie(header: string | undefined): string | null {
  for (const part of (header ?? '').split(';')) {
    const [name = '', value = ''] = part.trim().split('=');
    if (name === cookieName && /^[\w-]{43}$/.test(value)) return value;
  }
  return null;
}
