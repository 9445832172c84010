import * as oauth from 'oauth4webapi';
import { Failure } from '../../../sdk/contract/failure.ts';
import { textIn } from '../../../sdk/contract/language.ts';
import type { Auth } from '../../../sdk/contract/manifest/auth.ts';
import type { ProblemName } from '../../../sdk/contract/problems.ts';
import { quote } from '../../../sdk/contract/quote.ts';
import { hashToken } from '../../access/session-cookie.ts';
import { type Credential, openCredential, sealCredential } from '../../credentials/credential.ts';
import { authNamed } from '../../credentials/declared.ts';
import { fill } from '../../credentials/template-values.ts';
import { accountToken } from '../../credentials/tokens/oauth1-token.ts';
import type { Yielded } from '../../credentials/tokens/read-token-answer.ts';
import { runGrant, type TokenPoint } from '../../credentials/tokens/token-call.ts';
import { TokenError } from '../../credentials/tokens/token-error.ts';
import { tokenPoint } from '../../credentials/tokens/token-point.ts';
import { newId } from '../../database/id.ts';
import { announce } from '../../database/news.ts';
import { transaction } from '../../database/transaction.ts';
import { emitEvent } from '../../events/emit-event.ts';
import { subscribeAll } from '../../hooks/subscribe.ts';
import { type Installation, Installation as Installations } from '../../installations/model.ts';
import { unseal } from '../../vault/vault.ts';
import { connectAccount, learn } from '../connect-account.ts';
import { Integration, type IntegrationDoc } from '../model.ts';
import { eventDataOf, note } from '../note.ts';
import { scopeOf } from '../scope-of.ts';
import { type FlowSecret, OAuthState, type OAuthStateDoc } from './model.ts';

/** What came back from the vendor by way of the browser. */
export interface Callback {
  /** the query (or form) of the redirect */
  params: Record<string, string>;
  /** the platform in the path; `null` on the shared address */
  platform: string | null;
  /** the browser's cookie */
  browser: string | null;
}

/** How it ended: the integration, or the vendor's refusal; and where the browser goes. */
export interface Finished {
  integration: IntegrationDoc | null;
  error: string | null;
  /** the entry that explains the error */
  help: ProblemName | null;
  return_to: string | null;
}

/**
 * Ends an OAuth authorisation: takes the state (once), checks browser, platform and issuer (RFC 9207), exchanges the
 * code with the PKCE verifier, stores the token, and connects the account. A reconnected integration stays the same one.
 *
 * @throws Failure `malformed` for a state that is unknown, used, expired, or another browser's
 */
export async function finishOAuth(callback: Callback): Promise<Finished> {
  const state = await takeState(callback);
  const installation = await Installations.findOne({
    _id: state.installation_id,
    workspace_id: state.workspace_id,
  }).lean();
  if (!installation) throw new Failure('plugin_not_found', { message: 'The plugin was uninstalled meanwhile' });
  if (callback.platform !== null && callback.platform !== installation.manifest.integration?.type)
    throw new Failure('malformed', { help: 'oauth-platform', message: 'This state was begun for another platform' });
  // OAuth 1.0a has no word for a refusal; `denied` with the token is what vendors send.
  const refusal = callback.params.error ?? (callback.params.denied === undefined ? undefined : 'access denied');
  if (refusal !== undefined) {
    const words = callback.params.error_description ?? refusal;
    return {
      integration: null,
      error: `The vendor said no: ${quote(words, 200)}`,
      help: 'oauth-refused',
      return_to: state.return_to,
    };
  }
  const old = state.integration_id
    ? await Integration.findOne({ _id: state.integration_id, workspace_id: state.workspace_id }).lean()
    : null;
  if (state.integration_id && !old) throw new Failure('integration_not_found');
  try {
    const auth = authNamed(installation.manifest, state.auth_name);
    if (!auth?.token) throw new Failure('conflict', { message: 'The plugin no longer offers this way to connect' });
    const { yielded, learned } = await exchangeCode(state, installation, auth, old, callback.params);
    const integration = await store(state, installation, auth, old, yielded, learned);
    const connected = await connectAccount({
      installation,
      integration,
      token: yielded.document,
      callback: callback.params,
      actor: state.created_by,
    });
    await subscribeAll(installation, connected);
    return { integration: connected, error: null, help: null, return_to: state.return_to };
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    if (old)
      await note(old, { action: 'error', level: 'error', message: error.message, actor: state.created_by.label });
    return { integration: null, error: error.message, help: 'oauth-token', return_to: state.return_to };
  }
}

/** Takes a state out of the database: whoever comes second finds nothing. */
async function takeState({ params, browser }: Callback): Promise<OAuthStateDoc> {
  const given = params.state;
  const unknown = () =>
    new Failure('malformed', {
      help: 'oauth-state',
      message: 'This authorisation is unknown, was used already, or is older than ten minutes: begin again',
    });
  if (given === undefined || !/^[\w-]{43}$/.test(given)) throw unknown();
  const _id = hashToken(given);
  const seen = await OAuthState.findOne({ _id }).lean();
  // Judged before it is taken: another browser must not be able to use it up (RFC 9700, section 4.7).
  if (seen?.browser && (browser === null || hashToken(browser) !== seen.browser))
    throw new Failure('malformed', {
      help: 'oauth-browser',
      message: 'This authorisation was begun in another browser: begin again here',
    });
  const state = await OAuthState.findOneAndDelete({ _id }).lean();
  if (!state || state.expires_at.getTime() < Date.now()) throw unknown();
  return state;
}

async function exchangeCode(
  state: OAuthStateDoc,
  installation: Installation,
  auth: Auth,
  old: IntegrationDoc | null,
  params: Record<string, string>,
): Promise<{ yielded: Yielded; learned: Record<string, string> }> {
  const scope = await scopeOf(installation, old, state.project_id);
  const point = await tokenPoint(scope, auth, old, old ? openCredential(old) : null);
  // Some token addresses are learnt from the redirect itself (Zoho's data centre): each by its pattern.
  const learned = learn(installation.manifest, { callback: params });
  Object.assign(point.values.integration, learned);
  const secret = JSON.parse(
    unseal(state.secret, { workspace_id: state.workspace_id, record: state._id, field: 'secret' }),
  ) as FlowSecret;
  const call = auth.token as NonNullable<Auth['token']>;
  if (auth.type === 'oauth1') return { yielded: await exchangeVerifier(point, call, auth, secret, params), learned };
  checkIssuer(new URL(fill(auth.authorize?.url ?? '', point.values)), point.values.app.client_id ?? '', params, auth);
  const code = params[auth.authorize?.code_param ?? 'code'];
  if (!code) throw new TokenError('no_code', 'The vendor sent no code');
  const grant: Record<string, string> = {
    [auth.authorize?.code_param ?? 'code']: code,
    redirect_uri: state.redirect_uri,
    ...(auth.authorize?.pkce === 'S256' ? { code_verifier: secret.code_verifier ?? '' } : {}),
  };
  return { yielded: await runGrant(point, call, auth.yields, { type: 'authorization_code', params: grant }), learned };
}

/** The verifier must be for the temporary credentials that we sent the browser with (RFC 5849, section 2.2). */
function exchangeVerifier(
  point: TokenPoint,
  call: NonNullable<Auth['token']>,
  auth: Auth,
  { temporary }: FlowSecret,
  { oauth_token, oauth_verifier }: Record<string, string>,
): Promise<Yielded> {
  if (!oauth_verifier) throw new TokenError('no_code', 'The vendor sent no verifier');
  if (!temporary || oauth_token !== temporary.oauth_token)
    throw new TokenError('bad_answer', 'The vendor’s redirect is for another authorisation');
  return accountToken(point, call, auth.yields, { ...temporary, oauth_verifier });
}

/** The issuer in the answer, when there is one, must be the server that we sent the browser to (RFC 9207, section 2.4). */
function checkIssuer(authorize: URL, client_id: string, params: Record<string, string>, auth: Auth): void {
  const iss = params.iss === undefined ? undefined : URL.parse(params.iss);
  if (iss !== undefined && iss?.origin !== authorize.origin)
    throw new TokenError('bad_answer', 'The vendor’s redirect names another issuer than the one that was asked');
  const issuer = params.iss ?? authorize.origin;
  const standard = { ...params, code: params[auth.authorize?.code_param ?? 'code'] ?? '' };
  try {
    oauth.validateAuthResponse({ issuer }, { client_id }, new URLSearchParams(standard), oauth.skipStateCheck);
  } catch (cause) {
    throw new TokenError('bad_answer', `The vendor’s redirect is not what was asked for: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function store(
  state: OAuthStateDoc,
  installation: Installation,
  auth: Auth,
  old: IntegrationDoc | null,
  yielded: Yielded,
  learned: Record<string, string>,
): Promise<IntegrationDoc> {
  const { workspace_id, created_by } = state;
  const _id = old?._id ?? newId('int');
  const kept = old && old.auth_name === auth.name ? openCredential(old) : null;
  const credential: Credential = { ...kept, values: { ...kept?.values, ...yielded.values } };
  const { manifest } = installation;
  const fields = {
    auth_name: auth.name,
    auth_type: auth.type,
    credential: sealCredential({ _id, workspace_id }, credential),
    auth_summary: {
      scopes: yielded.scopes ?? state.scopes,
      expires_at: yielded.expires_at === null ? null : new Date(yielded.expires_at),
      account: old?.auth_summary.account ?? null,
    },
    learned: { ...old?.learned, ...learned },
  };
  return transaction(async () => {
    if (old) {
      const after = await Integration.findOneAndUpdate(
        { _id, workspace_id },
        { $set: fields, $inc: { credential_version: 1 } },
        { returnDocument: 'after' },
      ).lean();
      if (!after) throw new Failure('integration_not_found');
      return after;
    }
    const [row] = await Integration.create([
      {
        _id,
        workspace_id,
        project_id: state.project_id,
        installation_id: installation._id,
        integration_type: manifest.integration?.type ?? installation.name,
        service_type: manifest.integration?.service_type ?? 'custom',
        provider: installation.provider,
        name: textIn(manifest.display_name ?? installation.name, 'en'),
        ...fields,
        credential_version: 1,
        status: 'active',
        created_by: state.user_id,
      },
    ]);
    const made = (row as { toObject(): IntegrationDoc }).toObject();
    await note(made, { action: 'created', message: 'The integration was created', actor: created_by.label });
    await emitEvent({
      workspace_id,
      project_id: made.project_id,
      type: 'integration.created',
      data: eventDataOf(made),
      source: { kind: created_by.kind, id: created_by.id },
    });
    await announce(workspace_id);
    return made;
  });
}
