import { Failure } from '../../../sdk/contract/failure.ts';
import { config } from '../../config.ts';
import { problemPath } from '../../http/problems-page.ts';
import { type Raw, type Route, redirect, route } from '../../http/route.ts';
import { type Finished, finishOAuth } from '../oauth/finish.ts';
import { readBrowserCookie } from '../oauth/initiate.ts';
import { helpOf, presentIntegration } from '../present.ts';
import { integrationSchema } from '../schemas.ts';

const callbackFields = {
  code: { type: 'string', maxLength: 4_000 },
  state: { type: 'string', maxLength: 200 },
  iss: { type: 'string', maxLength: 500 },
  error: { type: 'string', maxLength: 500 },
  error_description: { type: 'string', maxLength: 2_000 },
  oauth_token: { type: 'string', maxLength: 4_000 },
  oauth_verifier: { type: 'string', maxLength: 4_000 },
  denied: { type: 'string', maxLength: 4_000 },
} as const;
/** Vendors add fields of their own to the redirect: shop, location, accounts-server, granted scopes … */
const vendorFields = {
  ...callbackFields,
  error_uri: { type: 'string', maxLength: 2_000 },
  scope: { type: 'string', maxLength: 8_000 },
  location: { type: 'string', maxLength: 500 },
  'accounts-server': { type: 'string', maxLength: 500 },
  shop: { type: 'string', maxLength: 500 },
  hmac: { type: 'string', maxLength: 500 },
  host: { type: 'string', maxLength: 1_000 },
  timestamp: { type: 'string', maxLength: 100 },
  realmId: { type: 'string', maxLength: 200 },
  authuser: { type: 'string', maxLength: 100 },
  prompt: { type: 'string', maxLength: 100 },
  hd: { type: 'string', maxLength: 300 },
  session_state: { type: 'string', maxLength: 500 },
} as const;

/** Sends the browser on: to where the flow was asked to end, or to the integration in our console. */
function goOn(finished: Finished): Raw {
  const target = new URL(
    finished.return_to ?? `${config().url}/integrations${finished.integration ? `/${finished.integration._id}` : ''}`,
  );
  if (finished.integration) target.searchParams.set('integration_id', finished.integration._id);
  target.searchParams.set(
    'status',
    finished.error || finished.integration?.status === 'error'
      ? 'error'
      : finished.integration?.choices
        ? 'choose'
        : 'connected',
  );
  if (finished.error) target.searchParams.set('error', finished.error.slice(0, 300));
  const help = finished.help ?? helpOf(finished.integration);
  if (help) target.searchParams.set('help', `${config().url}${problemPath(help)}`);
  // The code must not travel on in a Referer (RFC 9700, section 4.2.4).
  return redirect(target.href, { 'Referrer-Policy': 'no-referrer' });
}

const paramsOf = (query: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

const callbackGet = route({
  method: 'GET',
  path: '/integrations/oauth/callback',
  summary: 'Where a vendor sends the browser back to',
  who: 'public',
  kind: 'auth',
  query: vendorFields,
  produces: ['text/html'],
  handle: async ({ query, headers }) =>
    goOn(await finishOAuth({ params: paramsOf(query), platform: null, browser: readBrowserCookie(headers.cookie) })),
});

const platformCallback = route({
  method: 'GET',
  path: '/auth/{platform}/callback',
  summary: 'Where this platform sends the browser back to: the address to register there',
  who: 'public',
  kind: 'auth',
  query: vendorFields,
  produces: ['text/html'],
  handle: async ({ query, params, headers }) =>
    goOn(
      await finishOAuth({
        params: paramsOf(query),
        platform: params.platform,
        browser: readBrowserCookie(headers.cookie),
      }),
    ),
});

const callbackPost = route({
  method: 'POST',
  path: '/integrations/oauth/callback',
  summary: 'The same for a program that took the redirect itself',
  who: 'public',
  kind: 'auth',
  body: {
    title: 'OAuthCallback',
    type: 'object',
    additionalProperties: false,
    required: ['state'],
    properties: callbackFields,
  },
  answer: integrationSchema,
  handle: async ({ body, headers }) => {
    const finished = await finishOAuth({
      params: paramsOf(body),
      platform: null,
      browser: readBrowserCookie(headers.cookie),
    });
    if (!finished.integration)
      throw new Failure('forbidden', {
        message: finished.error ?? 'The vendor said no',
        ...(finished.help ? { help: finished.help } : {}),
      });
    return presentIntegration(finished.integration);
  },
});

export const callbackRoutes: Route[] = [callbackGet, callbackPost, platformCallback];
