import { Failure } from '../../../sdk/contract/failure.ts';
import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { type Route, route } from '../../http/route.ts';
import { done, id, text } from '../../http/schemas.ts';
import { findKey, makeApiKey, revokeApiKey, rotateApiKey } from '../api-keys.ts';
import { ApiKey } from '../model.ts';
import { presentApiKey } from '../present.ts';
import { addresses, apiKeySchema, newApiKeySchema, quota, scopeList } from '../schemas.ts';

export const apiKeyRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api-keys',
    summary: 'The API keys of the workspace, newest first',
    who: 'keys:read',
    query: {
      ...pageFields,
      project_id: id,
      revoked: { type: 'boolean', default: false, description: 'true: the revoked ones too' },
    },
    answer: listOf('api_keys', apiKeySchema),
    handle: async ({ caller, query }) => {
      const project_id = caller.project_id ?? query.project_id;
      if (caller.project_id && query.project_id !== undefined && query.project_id !== caller.project_id) {
        throw new Failure('not_found', { message: 'There is no such project here.' });
      }
      const filter = {
        workspace_id: caller.workspace_id,
        ...(project_id ? { project_id } : {}),
        ...(query.revoked ? {} : { revoked_at: null }),
      };
      const { skip, limit } = pageWindow(query);
      const [keys, total] = await Promise.all([
        ApiKey.find(filter).sort({ created_at: -1, _id: -1 }).skip(skip).limit(limit).lean(),
        ApiKey.countDocuments(filter),
      ]);
      return { api_keys: keys.map(presentApiKey), total, page: query.page, size: query.size };
    },
  }),
  route({
    method: 'POST',
    path: '/api-keys',
    summary: 'Make an API key',
    description: 'The whole key is in this answer and never again.',
    who: 'keys:write',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'scopes'],
      properties: {
        name: text,
        scopes: scopeList,
        mode: { enum: ['live', 'test'], default: 'live', description: 'only its beginning: pb_live_ or pb_test_' },
        project_id: { ...id, type: ['string', 'null'] },
        rate_limit_per_hour: quota,
        rate_limit_per_day: quota,
        expires_at: { type: ['string', 'null'], format: 'date-time' },
        ip_allowlist: addresses,
      },
    },
    answer: newApiKeySchema,
    status: 201,
    handle: async ({ caller, body, address }) => {
      const { key, doc } = await makeApiKey(caller, { ...body, mode: body.mode ?? 'live' }, address);
      return { ...presentApiKey(doc), key };
    },
  }),
  route({
    method: 'GET',
    path: '/api-keys/{id}',
    summary: 'One API key',
    who: 'keys:read',
    answer: apiKeySchema,
    handle: async ({ caller, params }) => presentApiKey(await findKey(caller, params.id)),
  }),
  route({
    method: 'DELETE',
    path: '/api-keys/{id}',
    summary: 'Revoke an API key',
    description: 'Refused by every node within a second.',
    who: 'keys:write',
    answer: done,
    handle: async ({ caller, params, address }) => {
      await revokeApiKey(caller, params.id, address);
      return {};
    },
  }),
  route({
    method: 'POST',
    path: '/api-keys/{id}/rotate',
    summary: 'Make a key that takes over',
    description: 'The old one stays good for `overlap_seconds`.',
    who: 'keys:write',
    body: {
      type: 'object',
      additionalProperties: false,
      properties: { overlap_seconds: { type: 'integer', minimum: 0, maximum: 2_592_000, default: 86_400 } },
    },
    body_optional: true,
    answer: newApiKeySchema,
    status: 201,
    handle: async ({ caller, params, body, address }) => {
      const { key, doc } = await rotateApiKey(caller, params.id, body.overlap_seconds ?? 86_400, address);
      return { ...presentApiKey(doc), key };
    },
  }),
];
