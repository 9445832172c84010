import { findProject } from '../../access/find-project.ts';
import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { type Route, route } from '../../http/route.ts';
import { anyObject, done, id, text } from '../../http/schemas.ts';
import { type BatchOperation, runBatch } from '../batch.ts';
import { createIntegration } from '../create-integration.ts';
import { findIntegration } from '../find-integration.ts';
import { Integration } from '../model.ts';
import { presentIntegration } from '../present.ts';
import { removeIntegration } from '../remove-integration.ts';
import { integrationChange, integrationSchema, newIntegration } from '../schemas.ts';
import { type IntegrationChange, updateIntegration } from '../update-integration.ts';

const list = route({
  method: 'GET',
  path: '/integrations',
  summary: 'Integrations, newest first',
  who: 'integrations:read',
  query: {
    ...pageFields,
    project_id: id,
    integration_type: text,
    service_type: text,
    status: { type: 'string', enum: ['active', 'inactive', 'error', 'pending_setup'] },
    include_public: { type: 'boolean', default: false, description: 'also those that other projects share' },
  },
  answer: listOf('integrations', integrationSchema),
  handle: async ({ caller, query }) => {
    const project = query.project_id ?? caller.project_id ?? undefined;
    if (project !== undefined) await findProject(caller.workspace_id, project, caller.project_id);
    const own = project === undefined ? {} : { project_id: project };
    const filter = {
      workspace_id: caller.workspace_id,
      ...(query.include_public && project !== undefined ? { $or: [own, { is_public: true }] } : own),
      ...(query.integration_type === undefined ? {} : { integration_type: query.integration_type }),
      ...(query.service_type === undefined ? {} : { service_type: query.service_type }),
      ...(query.status === undefined ? {} : { status: query.status }),
    };
    const { skip, limit } = pageWindow(query);
    const [found, total] = await Promise.all([
      Integration.find(filter).sort({ created_at: -1, _id: -1 }).skip(skip).limit(limit).lean(),
      Integration.countDocuments(filter),
    ]);
    return { integrations: found.map(presentIntegration), total, page: query.page, size: query.size };
  },
});

const create = route({
  method: 'POST',
  path: '/integrations',
  summary: 'Connects a project to an account at a vendor',
  who: 'integrations:write',
  body: newIntegration,
  answer: integrationSchema,
  status: 201,
  handle: async ({ caller, body, address }) =>
    presentIntegration(await createIntegration(caller, body as Parameters<typeof createIntegration>[1], address)),
});

const batch = route({
  method: 'POST',
  path: '/integrations/batch',
  summary: 'Up to 100 operations, a result each',
  who: 'integrations:write',
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['operations'],
    properties: {
      operations: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: {
          type: 'object',
          additionalProperties: true,
          required: ['op'],
          properties: { op: { type: 'string', enum: ['create', 'update', 'delete', 'sync'] }, id },
        },
      },
    },
  },
  answer: {
    type: 'object',
    additionalProperties: false,
    required: ['results'],
    properties: {
      results: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['op', 'code', 'msg', 'content'],
          properties: { op: { type: 'string' }, code: { type: 'string' }, msg: { type: 'string' }, content: anyObject },
        },
      },
    },
  },
  handle: async ({ caller, body, language, address }) => ({
    results: await runBatch(caller, body.operations as BatchOperation[], language, address),
  }),
});

const read = route({
  method: 'GET',
  path: '/integrations/{id}',
  summary: 'One integration; its credentials never come back',
  who: 'integrations:read',
  answer: integrationSchema,
  handle: async ({ caller, params }) => presentIntegration(await findIntegration(caller, params.id)),
});

const change = (method: 'PUT' | 'PATCH') =>
  route({
    method,
    path: '/integrations/{id}',
    summary: 'Changes what is given; new credentials replace the old ones whole',
    who: 'integrations:write',
    body: integrationChange,
    answer: integrationSchema,
    handle: async ({ caller, params, body, address }) =>
      presentIntegration(await updateIntegration(caller, params.id, body as IntegrationChange, address)),
  });

const setStatus = route({
  method: 'PUT',
  path: '/integrations/{id}/status',
  summary: 'Switches an integration on or off',
  who: 'integrations:write',
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['status'],
    properties: { status: { type: 'string', enum: ['active', 'inactive'] } },
  },
  answer: integrationSchema,
  handle: async ({ caller, params, body, address }) =>
    presentIntegration(await updateIntegration(caller, params.id, { status: body.status }, address)),
});

const remove = route({
  method: 'DELETE',
  path: '/integrations/{id}',
  summary: 'Removes an integration: its webhooks and token at the vendor, its credential, schedule and records here',
  who: 'integrations:write',
  query: { keep: { type: 'string', enum: ['records'] } },
  answer: done,
  handle: async ({ caller, params, query, address }) => {
    await removeIntegration(caller, params.id, { keep_records: query.keep === 'records', address });
    return {};
  },
});

export const integrationCrudRoutes: Route[] = [
  list,
  create,
  batch,
  read,
  change('PUT'),
  change('PATCH'),
  setStatus,
  remove,
];
