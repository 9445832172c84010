import type { Caller } from '../../http/caller.ts';
import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { type Route, route } from '../../http/route.ts';
import { id, time } from '../../http/schemas.ts';
import { findWebhook } from '../find-webhook.ts';
import { Delivery, type DeliveryRow } from '../model.ts';
import { presentDelivery, presentWebhook } from '../present.ts';
import { retryDeliveriesSince, retryDelivery } from '../retry-deliveries.ts';
import { rotateSecret } from '../rotate-secret.ts';
import { deliverySchema, testAnswer, testBody, webhookSchema } from '../schemas.ts';
import { testWebhook } from '../test-webhook.ts';

const logs = route({
  method: 'GET',
  path: '/webhooks/{id}/logs',
  summary: 'Deliveries of a webhook with every attempt, newest first',
  who: 'webhooks:read',
  query: { ...pageFields, status: { enum: ['pending', 'succeeded', 'failed'] } },
  answer: listOf('logs', deliverySchema),
  handle: async ({ caller, params, query }) => {
    const webhook = await findWebhook(caller, params.id);
    const filter = { webhook_id: webhook._id, ...(query.status && { status: query.status }) };
    const { skip, limit } = pageWindow(query);
    const [deliveries, total] = await Promise.all([
      Delivery.find(filter).sort({ created_at: -1, _id: -1 }).skip(skip).limit(limit).lean<DeliveryRow[]>(),
      Delivery.countDocuments(filter),
    ]);
    return {
      logs: deliveries.map((delivery) => presentDelivery(delivery, webhook)),
      total,
      page: query.page,
      size: query.size,
    };
  },
});

const test = route({
  method: 'POST',
  path: '/webhooks/{id}/test',
  summary: 'Sends a signed test delivery now and tells what the receiver said',
  who: 'webhooks:write',
  body: testBody,
  body_optional: true,
  answer: testAnswer,
  handle: async ({ caller, params, body }) => {
    const { at: _, ...told } = await testWebhook(await findWebhook(caller, params.id), body?.test_payload);
    return told;
  },
});

const retryAnswer = {
  type: 'object',
  additionalProperties: false,
  required: ['retrying', 'delivery_id'],
  properties: {
    retrying: { type: 'integer', description: 'how many deliveries are tried again' },
    delivery_id: { type: ['string', 'null'], description: 'the one, where it is one' },
  },
} as const;

const retry = route({
  method: 'POST',
  path: '/webhooks/{id}/retry',
  summary: 'Tries failed deliveries again: one, the latest, or all since a time',
  who: 'webhooks:write',
  body: {
    type: 'object',
    additionalProperties: false,
    maxProperties: 1,
    properties: {
      log_id: { ...id, description: 'a delivery of the log; the latest that failed unless given' },
      since: { ...time, description: 'all that were made since then and failed' },
    },
  },
  body_optional: true,
  status: 202,
  answer: retryAnswer,
  handle: async ({ caller, params, body }) => {
    const webhook = await findWebhook(caller, params.id);
    if (body?.since !== undefined) {
      return { retrying: await retryDeliveriesSince(webhook, new Date(body.since)), delivery_id: null };
    }
    return { retrying: 1, delivery_id: (await retryDelivery(webhook, body?.log_id))._id };
  },
});

const retryOne = route({
  method: 'POST',
  path: '/webhooks/{id}/deliveries/{delivery_id}/retry',
  summary: 'Tries one delivery again',
  who: 'webhooks:write',
  status: 202,
  answer: retryAnswer,
  handle: async ({ caller, params }) => {
    const delivery = await retryDelivery(await findWebhook(caller, params.id), params.delivery_id);
    return { retrying: 1, delivery_id: delivery._id };
  },
});

const rotate = route({
  method: 'POST',
  path: '/webhooks/{id}/rotate-secret',
  summary: 'Makes a new secret, shown in this answer only; the old one signs beside it for a day',
  who: 'webhooks:write',
  answer: webhookSchema,
  handle: async ({ caller, params, address }) => {
    const { webhook, secret } = await rotateSecret(caller as Caller, await findWebhook(caller, params.id), address);
    return presentWebhook(webhook, secret);
  },
});

export const deliveryRoutes: Route[] = [logs, test, retry, retryOne, rotate];
