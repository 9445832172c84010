import { listOf, pageFields } from '../../http/paging.ts';
import { type Route, route } from '../../http/route.ts';
import { anyObject, done, text } from '../../http/schemas.ts';
import { findTypeSchema, listTypes, presentType, presentTypeSchema } from '../list-types.ts';
import { readOAuthClient, removeOAuthClient, writeOAuthClient } from '../oauth-client.ts';

const names = { type: 'array', items: { type: 'string' } } as const;
const typeSchema = {
  title: 'IntegrationType',
  type: 'object',
  additionalProperties: false,
  required: [
    'type',
    'plugin',
    'name',
    'description',
    'category',
    'service_type',
    'auth_types',
    'streams',
    'actions',
    'is_installed',
  ],
  properties: {
    type: { type: 'string' },
    plugin: { type: 'string' },
    name: { type: 'string' },
    description: { type: 'string' },
    category: { type: 'string' },
    service_type: { type: 'string' },
    auth_types: names,
    streams: names,
    actions: names,
    is_installed: { type: 'boolean' },
  },
} as const;

const list = route({
  method: 'GET',
  path: '/integrations/types',
  summary: 'What can be connected: the types of installed and published plugins',
  who: 'public',
  query: { ...pageFields, category: text, service_type: text },
  answer: listOf('types', typeSchema),
  handle: async ({ caller, query, language }) => {
    const all = (await listTypes(caller?.workspace_id ?? null))
      .map((type) => presentType(type, language))
      .filter(
        (type) =>
          (query.category === undefined || type.category === query.category) &&
          (query.service_type === undefined || type.service_type === query.service_type),
      );
    const from = (query.page - 1) * query.size;
    return { types: all.slice(from, from + query.size), total: all.length, page: query.page, size: query.size };
  },
});

const schema = route({
  method: 'GET',
  path: '/integrations/types/{type}/schema',
  summary: 'What a form needs to connect a type: settings, ways to authorise, what can be synced',
  who: 'public',
  answer: {
    title: 'IntegrationTypeSchema',
    type: 'object',
    additionalProperties: false,
    required: ['type', 'plugin', 'configuration', 'auth', 'app', 'sync', 'permissions'],
    properties: {
      type: { type: 'string' },
      plugin: { type: 'string' },
      configuration: anyObject,
      auth: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['name', 'type', 'title', 'fields', 'scopes'],
          properties: {
            name: { type: 'string' },
            type: { type: 'string' },
            title: { type: 'string' },
            fields: anyObject,
            scopes: {
              type: 'array',
              items: {
                type: 'object',
                additionalProperties: false,
                required: ['scope', 'optional', 'reason'],
                properties: {
                  scope: { type: 'string' },
                  optional: { type: 'boolean' },
                  reason: { type: 'string' },
                },
              },
            },
          },
        },
      },
      app: anyObject,
      sync: {
        type: 'object',
        additionalProperties: false,
        required: ['streams', 'sync_interval'],
        properties: {
          streams: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['name', 'title', 'model', 'modes', 'source'],
              properties: {
                name: { type: 'string' },
                title: { type: 'string' },
                model: { type: ['string', 'null'] },
                modes: names,
                source: { type: 'string' },
              },
            },
          },
          sync_interval: names,
        },
      },
      permissions: { type: 'array', items: anyObject },
    },
  },
  handle: async ({ caller, params, language }) =>
    presentTypeSchema(await findTypeSchema(caller?.workspace_id ?? null, params.type), language),
});

const clientSchema = {
  title: 'OAuthClient',
  type: 'object',
  additionalProperties: false,
  required: ['integration_type', 'client_id', 'fields', 'source', 'redirect_uri'],
  properties: {
    integration_type: { type: 'string' },
    client_id: { type: ['string', 'null'] },
    fields: { ...names, description: 'names of the fields that are set' },
    source: { type: 'string', enum: ['workspace', 'environment', 'none'] },
    redirect_uri: { type: 'string', description: 'to be registered at the vendor' },
  },
} as const;
const clientPath = '/integrations/types/{type}/oauth-client';

const readClient = route({
  method: 'GET',
  path: clientPath,
  summary: 'The OAuth app that this workspace uses for a type, without its secrets',
  who: 'integrations:read',
  answer: clientSchema,
  handle: ({ caller, params }) => readOAuthClient(caller.workspace_id, params.type),
});

const writeClient = route({
  method: 'PUT',
  path: clientPath,
  summary: 'Sets the workspace’s own OAuth app for a type',
  who: 'plugins:write',
  body: {
    type: 'object',
    additionalProperties: { type: 'string', minLength: 1, maxLength: 20_000 },
    minProperties: 1,
    maxProperties: 30,
  },
  answer: clientSchema,
  handle: ({ caller, params, body }) => writeOAuthClient(caller, params.type, body as Record<string, string>),
});

const removeClient = route({
  method: 'DELETE',
  path: clientPath,
  summary: 'Forgets the workspace’s own OAuth app; the environment’s is used again',
  who: 'plugins:write',
  answer: done,
  handle: async ({ caller, params }) => {
    await removeOAuthClient(caller, params.type);
    return {};
  },
});

export const typeRoutes: Route[] = [list, schema, readClient, writeClient, removeClient];
