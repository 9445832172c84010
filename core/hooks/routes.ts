import { type Raw, type Route, route } from '../http/route.ts';
import { nullableTime } from '../http/schemas.ts';
import { receiveForApp, receiveForIntegration } from './receive.ts';
import { setHookSecret, showHooks } from './show-hooks.ts';

/** The methods that vendors use: notifications, and the handshakes that come as GET (and HEAD, which GET routes take). */
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const shared = {
  who: 'public' as const,
  kind: 'hook' as const,
  produces: ['text/plain', 'application/octet-stream'] as string[],
  bytes: ['*/*'] as string[],
  max_bytes: 26_214_400,
};

interface Came {
  method: string;
  raw_url: string;
  headers: Record<string, string | undefined>;
  bytes: Buffer;
}
const incoming = ({ method, raw_url, headers, bytes }: Came) => ({ method, raw_url, headers, bytes });

const forIntegration = methods.flatMap((method) => [
  route({
    ...shared,
    method,
    path: '/hooks/{integration_id}/{trigger}',
    summary: 'A vendor’s webhook for one integration, proved by its signature',
    handle: async (request): Promise<Raw> => {
      const { integration_id, trigger } = request.params;
      return receiveForIntegration({ integration_id, trigger, key: null }, incoming(request), request.address);
    },
  }),
  route({
    ...shared,
    method,
    path: '/hooks/{integration_id}/{trigger}/{key}',
    summary: 'A vendor’s webhook for one integration, with the key of its address',
    handle: async (request): Promise<Raw> => {
      const { integration_id, trigger, key } = request.params;
      return receiveForIntegration({ integration_id, trigger, key }, incoming(request), request.address);
    },
  }),
]);

const forApp = methods.map((method) =>
  route({
    ...shared,
    method,
    path: '/hooks/apps/{service}/{trigger}',
    summary: 'A vendor’s webhook for everybody who uses one app of ours',
    handle: async (request): Promise<Raw> => {
      const { service, trigger } = request.params;
      return receiveForApp({ service, trigger }, incoming(request), request.address);
    },
  }),
);

const list = route({
  method: 'GET',
  path: '/integrations/{id}/hooks',
  summary: 'The addresses that the vendor’s webhooks call; whoever has one can try it',
  who: 'integrations:write',
  answer: {
    title: 'Hooks',
    type: 'object',
    additionalProperties: false,
    required: ['hooks'],
    properties: {
      hooks: {
        type: 'array',
        items: {
          title: 'Hook',
          type: 'object',
          additionalProperties: false,
          required: ['trigger', 'parent', 'url', 'made_by', 'is_subscribed', 'expires_at', 'last_received_at'],
          properties: {
            trigger: { type: 'string' },
            parent: { type: ['string', 'null'] },
            url: { type: 'string' },
            made_by: { type: 'string', enum: ['handler', 'person'] },
            is_subscribed: { type: 'boolean' },
            expires_at: nullableTime,
            last_received_at: nullableTime,
          },
        },
      },
    },
  },
  handle: async ({ caller, params }) => ({ hooks: await showHooks(caller, params.id) }),
});

const secret = route({
  method: 'POST',
  path: '/integrations/{id}/hooks/{trigger}/secret',
  summary: 'Sets or makes the secret of a hook, shown in this answer only; the old one stays good for a day',
  who: 'integrations:write',
  body: {
    title: 'HookSecretRequest',
    type: 'object',
    additionalProperties: false,
    properties: {
      secret: { type: 'string', minLength: 8, maxLength: 500 },
      choice: {
        type: 'string',
        maxLength: 64,
        description: 'how the vendor proves its requests, where the trigger can be proved in several ways',
      },
    },
  },
  body_optional: true,
  answer: {
    title: 'HookSecret',
    type: 'object',
    additionalProperties: false,
    required: ['url', 'secret'],
    properties: { url: { type: 'string' }, secret: { type: 'string' } },
  },
  handle: ({ caller, params, body }) => setHookSecret(caller, params.id, params.trigger, body ?? {}),
});

export const hookRoutes: Route[] = [list, secret, ...forIntegration, ...forApp];
