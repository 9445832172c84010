import { findProject } from '../access/find-project.ts';
import { emitEvent } from '../events/emit-event.ts';
import { listEventTypes } from '../events/find-event-type.ts';
import { eventTypeSchema, presentEventType } from '../events/present.ts';
import { listOf, pageFields, pageWindow } from '../http/paging.ts';
import { Reply, type Route, route } from '../http/route.ts';
import { anyValue, done, id, text } from '../http/schemas.ts';
import { createWebhook } from './create-webhook.ts';
import { deleteWebhook } from './delete-webhook.ts';
import { findWebhook } from './find-webhook.ts';
import { countMatches } from './match-webhooks.ts';
import { Webhook, type WebhookRow } from './model.ts';
import { presentWebhook } from './present.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { newWebhook, webhookChange, webhookSchema } from './schemas.ts';
import { updateWebhook } from './update-webhook.ts';

const list = route({
  method: 'GET',
  path: '/webhooks',
  summary: 'Webhooks, newest first',
  who: 'webhooks:read',
  query: { ...pageFields, project_id: id, is_active: { type: 'boolean' } },
  answer: listOf('webhooks', webhookSchema),
  handle: async ({ caller, query }) => {
    const project_id = caller.project_id ?? query.project_id;
    if (query.project_id !== undefined) await findProject(caller.workspace_id, query.project_id, caller.project_id);
    const filter = {
      workspace_id: caller.workspace_id,
      ...(project_id !== undefined && { project_id }),
      ...(query.is_active !== undefined && { is_active: query.is_active }),
    };
    const { skip, limit } = pageWindow(query);
    const [webhooks, total] = await Promise.all([
      Webhook.find(filter).sort({ created_at: -1, _id: -1 }).skip(skip).limit(limit).lean<WebhookRow[]>(),
      Webhook.countDocuments(filter),
    ]);
    return { webhooks: webhooks.map((webhook) => presentWebhook(webhook)), total, page: query.page, size: query.size };
  },
});

const create = route({
  method: 'POST',
  path: '/webhooks',
  summary: 'Makes a webhook; its secret is in this answer only',
  who: 'webhooks:write',
  body: newWebhook,
  answer: webhookSchema,
  status: 201,
  handle: async ({ caller, body, address }) => {
    const project = await findProject(caller.workspace_id, body.project_id, caller.project_id);
    const { webhook, secret } = await createWebhook(caller, project._id, body, address);
    return presentWebhook(webhook, secret);
  },
});

const read = route({
  method: 'GET',
  path: '/webhooks/{id}',
  summary: 'One webhook',
  who: 'webhooks:read',
  answer: webhookSchema,
  handle: async ({ caller, params }) => presentWebhook(await findWebhook(caller, params.id)),
});

const change = (method: 'PUT' | 'PATCH') =>
  route({
    method,
    path: '/webhooks/{id}',
    summary: 'Changes a webhook; what is left out stays',
    who: 'webhooks:write',
    body: webhookChange,
    answer: webhookSchema,
    handle: async ({ caller, params, body, address }) =>
      presentWebhook(await updateWebhook(caller, await findWebhook(caller, params.id), body, address)),
  });

const remove = route({
  method: 'DELETE',
  path: '/webhooks/{id}',
  summary: 'Deletes a webhook',
  who: 'webhooks:write',
  answer: done,
  handle: async ({ caller, params, address }) => {
    await deleteWebhook(caller, await findWebhook(caller, params.id), address);
    return {};
  },
});

const status = route({
  method: 'PUT',
  path: '/webhooks/{id}/status',
  summary: 'Switches a webhook on or off; on again, it starts without counted failures',
  who: 'webhooks:write',
  body: {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    properties: {
      is_active: { type: 'boolean' },
      status: { enum: ['active', 'inactive'], description: 'the same in words' },
    },
  },
  answer: webhookSchema,
  handle: async ({ caller, params, body, address }) => {
    const is_active = body.is_active ?? body.status === 'active';
    return presentWebhook(await updateWebhook(caller, await findWebhook(caller, params.id), { is_active }, address));
  },
});

const types = route({
  method: 'GET',
  path: '/webhooks/events',
  summary: 'Event types that can be subscribed to and sent, with schema and sample',
  who: 'webhooks:read',
  query: { ...pageFields, search: { ...text, description: 'part of a type or title' } },
  answer: listOf('events', eventTypeSchema),
  handle: async ({ caller, query }) => {
    const part = query.search?.toLowerCase() ?? '';
    const all = (await listEventTypes(caller.workspace_id)).filter(
      (known) => known.type.includes(part) || known.title.toLowerCase().includes(part),
    );
    const { skip, limit } = pageWindow(query);
    return {
      events: all.slice(skip, skip + limit).map(presentEventType),
      total: all.length,
      page: query.page,
      size: query.size,
    };
  },
});

const ingest = route({
  method: 'POST',
  path: '/webhooks/events/{event_type}',
  summary: 'Takes an event; answers once it and its announcement are durable',
  description: 'The body is the event’s data, as the type’s schema says.',
  who: 'events:write',
  query: { project_id: id },
  body: anyValue,
  status: 202,
  answer: {
    type: 'object',
    additionalProperties: false,
    required: ['event_id', 'webhooks_matched'],
    properties: { event_id: { type: 'string' }, webhooks_matched: { type: 'integer' } },
  },
  handle: async ({ caller, params, query, body, once_id }) => {
    const project = await findProject(caller.workspace_id, query.project_id, caller.project_id);
    const event = await emitEvent({
      workspace_id: caller.workspace_id,
      project_id: project._id,
      type: params.event_type,
      data: body,
      // What was stored before its answer could be kept is found again, and not stored twice.
      id: once_id,
      source: { kind: caller.kind, id: caller.id },
    });
    return new Reply({ event_id: event._id, webhooks_matched: await countMatches(event) });
  },
});

export const webhookRoutes: Route[] = [
  list,
  create,
  types,
  ingest,
  read,
  change('PUT'),
  change('PATCH'),
  remove,
  status,
  ...deliveryRoutes,
];
