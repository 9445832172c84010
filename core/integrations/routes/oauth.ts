import { Failure } from '../../../sdk/contract/failure.ts';
import { textIn } from '../../../sdk/contract/language.ts';
import type { ProblemName } from '../../../sdk/contract/problems.ts';
import { findProject } from '../../access/find-project.ts';
import { BrokerError } from '../../credentials/broker-scope.ts';
import { refreshCredential } from '../../credentials/tokens/refresh.ts';
import { revokeCredential } from '../../credentials/tokens/revoke.ts';
import { TokenError } from '../../credentials/tokens/token-error.ts';
import { unsubscribeAll } from '../../hooks/subscribe.ts';
import type { Caller } from '../../http/caller.ts';
import { problemPath } from '../../http/problems-page.ts';
import { Reply, type Route, route } from '../../http/route.ts';
import { anyObject, id, text } from '../../http/schemas.ts';
import { findConnected } from '../find-integration.ts';
import { findType } from '../find-type.ts';
import { listTypes } from '../list-types.ts';
import { Integration, type IntegrationDoc } from '../model.ts';
import { note } from '../note.ts';
import { beginOAuth, redirectUriOf } from '../oauth/initiate.ts';
import { presentIntegration } from '../present.ts';
import { integrationSchema } from '../schemas.ts';
import { scopeOf } from '../scope-of.ts';
import { callbackRoutes } from './oauth-callback.ts';

const begun = {
  title: 'OAuthBegun',
  type: 'object',
  additionalProperties: false,
  required: ['authorization_url', 'auth_url', 'state'],
  properties: {
    authorization_url: { type: 'string' },
    auth_url: { type: 'string', description: 'the same, by its older name' },
    state: { type: 'string' },
  },
} as const;
const scopes = { type: 'array', items: { type: 'string', maxLength: 300 }, maxItems: 200 } as const;
const options = {
  scopes,
  redirect_uri: {
    type: 'string',
    format: 'uri',
    maxLength: 2_000,
    description: 'where the browser goes afterwards; on the workspace’s allowlist',
  },
  additional_params: { type: 'object', additionalProperties: { type: 'string', maxLength: 500 }, maxProperties: 20 },
} as const;
interface Options {
  scopes?: string[];
  redirect_uri?: string;
  additional_params?: Record<string, string>;
}

async function begin(
  caller: Caller,
  type: string | null,
  integration_id: string | null,
  project_id: string | undefined,
  given: Options,
) {
  const connected = integration_id === null ? null : await findConnected(caller, integration_id);
  const installation =
    connected?.installation ?? (await findType(caller.workspace_id, { integration_type: type ?? '' }));
  const project =
    connected?.integration.project_id ?? (await findProject(caller.workspace_id, project_id, caller.project_id))._id;
  const { authorization_url, state, cookie } = await beginOAuth(caller, {
    installation,
    integration: connected?.integration ?? null,
    project_id: project,
    scopes: given.scopes,
    return_to: given.redirect_uri,
    additional_params: given.additional_params,
  });
  const content = { authorization_url, auth_url: authorization_url, state };
  return new Reply(content, { headers: cookie === null ? {} : { 'Set-Cookie': cookie } });
}

const initiate = route({
  method: 'POST',
  path: '/integrations/oauth/initiate',
  summary: 'Begins an OAuth connection: send the browser to the answered address',
  who: 'integrations:write',
  body: {
    title: 'OAuthInitiate',
    type: 'object',
    additionalProperties: false,
    required: ['integration_type'],
    properties: { integration_type: text, project_id: id, ...options },
  },
  answer: begun,
  handle: ({ caller, body }) => begin(caller, body.integration_type, null, body.project_id, body as Options),
});

const reconnect = route({
  method: 'POST',
  path: '/integrations/{id}/oauth/initiate',
  summary: 'Connects an integration anew; it stays the same integration',
  who: 'integrations:write',
  body: { title: 'OAuthReconnect', type: 'object', additionalProperties: false, properties: options },
  body_optional: true,
  answer: begun,
  handle: ({ caller, params, body }) => begin(caller, null, params.id, undefined, (body ?? {}) as Options),
});

const platformUrl = route({
  method: 'GET',
  path: '/auth/{platform}/url',
  summary: 'The same, platform first',
  who: 'integrations:write',
  query: {
    project_id: id,
    scopes: { type: 'string', maxLength: 2_000, description: 'separated by spaces or commas' },
    redirect_uri: options.redirect_uri,
  },
  answer: begun,
  handle: ({ caller, params, query }) =>
    begin(caller, params.platform, null, query.project_id, {
      ...(query.scopes === undefined ? {} : { scopes: query.scopes.split(/[\s,]+/).filter(Boolean) }),
      ...(query.redirect_uri === undefined ? {} : { redirect_uri: query.redirect_uri }),
    }),
});

const platforms = route({
  method: 'GET',
  path: '/auth/platforms',
  summary: 'Platforms that connect by OAuth',
  who: 'public',
  answer: {
    type: 'object',
    additionalProperties: false,
    required: ['platforms'],
    properties: {
      platforms: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['platform', 'name', 'scopes', 'redirect_uri'],
          properties: {
            platform: { type: 'string' },
            name: { type: 'string' },
            scopes: { type: 'array', items: { type: 'string' } },
            redirect_uri: { type: 'string' },
          },
        },
      },
    },
  },
  handle: async ({ caller, language }) => {
    const all = await listTypes(caller?.workspace_id ?? null);
    return {
      platforms: all.flatMap(({ type, plugin, manifest }) => {
        const auth = manifest.auth?.find((one) => one.type === 'oauth2' || one.type === 'oauth1');
        if (!auth) return [];
        const asked = (auth.authorize?.scopes ?? []).map((one) => (typeof one === 'string' ? one : one.scope));
        return [
          {
            platform: type,
            name: textIn(manifest.display_name ?? plugin, language),
            scopes: asked,
            redirect_uri: redirectUriOf(manifest),
          },
        ];
      }),
    };
  },
});

const refreshWith = (path: '/integrations/{id}/oauth/refresh' | '/integrations/{id}/refresh-token') =>
  route({
    method: 'POST',
    path,
    summary: 'Gets a new access token now; one refresh at a time, over all nodes',
    who: 'integrations:write',
    body: anyObject,
    body_optional: true,
    answer: integrationSchema,
    handle: async ({ caller, params }) => presentIntegration(await refresh(caller, params.id as string)),
  });

async function refresh(caller: Caller, integration_id: string): Promise<IntegrationDoc> {
  const { integration, installation } = await findConnected(caller, integration_id);
  try {
    return await refreshCredential(await scopeOf(installation, integration), integration);
  } catch (error) {
    if (error instanceof BrokerError)
      throw new Failure('conflict', { message: error.message, cause: error, help: 'reconnect' });
    if (error instanceof TokenError)
      throw new Failure('service_unavailable', {
        message: error.message,
        cause: error,
        retry_after_s: 10,
        help: 'refresh-failed',
      });
    throw error;
  }
}

const revoke = route({
  method: 'POST',
  path: '/integrations/{id}/oauth/revoke',
  summary: 'Takes the token back at the vendor, then forgets it',
  who: 'integrations:write',
  answer: integrationSchema,
  handle: async ({ caller, params }) => {
    const { integration, installation } = await findConnected(caller, params.id);
    await unsubscribeAll(installation, integration);
    let told = 'The token was revoked';
    let help: ProblemName | null = null;
    try {
      const wasTold = await revokeCredential(await scopeOf(installation, integration), integration);
      if (!wasTold) told = 'The token was forgotten; the vendor has no way to revoke it';
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      told = `The token was forgotten, but the vendor could not be told: ${error.message}`;
      help = 'not-revoked';
    }
    const after = await Integration.findOneAndUpdate(
      { _id: integration._id, workspace_id: caller.workspace_id },
      { $set: { status: 'pending_setup', 'auth_summary.expires_at': null, sync_error_message: null } },
      { returnDocument: 'after' },
    ).lean();
    if (!after) throw new Failure('integration_not_found');
    await note(after, {
      action: 'revoked',
      message: told,
      actor: caller.label,
      ...(help ? { details: { help: problemPath(help) } } : {}),
    });
    return presentIntegration(after);
  },
});

export const oauthRoutes: Route[] = [
  initiate,
  reconnect,
  platformUrl,
  platforms,
  ...callbackRoutes,
  refreshWith('/integrations/{id}/oauth/refresh'),
  refreshWith('/integrations/{id}/refresh-token'),
  revoke,
];
