import { Failure } from '../../../sdk/contract/failure.ts';
import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { Reply, type Route, route } from '../../http/route.ts';
import { anyObject, anyValue, nullableTime } from '../../http/schemas.ts';
import { causeOf } from '../../invocations/cause.ts';
import { accepted } from '../../invocations/routes/accepted.ts';
import { runAction } from '../../invocations/run-action.ts';
import { runLater } from '../../invocations/run-later.ts';
import { acceptedActionSchema, actionAnswerSchema } from '../../invocations/schemas.ts';
import { log } from '../../log.ts';
import { findConnected, findIntegration } from '../find-integration.ts';
import { IntegrationLog } from '../model.ts';
import { note } from '../note.ts';
import { presentLog } from '../present.ts';
import { rateLimitOf } from '../rate-limit-of.ts';
import { integrationLog } from '../schemas.ts';
import { testIntegration } from '../test-integration.ts';

const test = route({
  method: 'POST',
  path: '/integrations/{id}/test',
  summary: 'Asks the vendor who we are',
  who: 'integrations:run',
  body: anyObject,
  body_optional: true,
  answer: {
    title: 'IntegrationTest',
    type: 'object',
    additionalProperties: false,
    required: ['ok', 'account', 'invocation_id', 'error'],
    properties: {
      ok: { type: 'boolean' },
      account: { type: ['string', 'null'] },
      invocation_id: { type: ['string', 'null'] },
      error: { type: ['string', 'null'] },
    },
  },
  handle: ({ caller, params, signal }) => testIntegration(caller, params.id, signal),
});

const logs = route({
  method: 'GET',
  path: '/integrations/{id}/logs',
  summary: 'What happened to an integration, newest first',
  who: 'integrations:read',
  query: { ...pageFields, level: { type: 'string', enum: ['info', 'error'] } },
  answer: listOf('logs', integrationLog),
  handle: async ({ caller, params, query }) => {
    const integration = await findIntegration(caller, params.id);
    const filter = {
      workspace_id: caller.workspace_id,
      integration_id: integration._id,
      ...(query.level === undefined ? {} : { level: query.level }),
    };
    const { skip, limit } = pageWindow(query);
    const [found, total] = await Promise.all([
      IntegrationLog.find(filter).sort({ created_at: -1, _id: -1 }).skip(skip).limit(limit).lean(),
      IntegrationLog.countDocuments(filter),
    ]);
    return { logs: found.map(presentLog), total, page: query.page, size: query.size };
  },
});

const rateLimit = route({
  method: 'GET',
  path: '/integrations/{id}/rate-limit',
  summary: 'What is left of the vendor’s limit',
  who: 'integrations:read',
  answer: {
    title: 'VendorLimit',
    type: 'object',
    additionalProperties: false,
    required: ['allowed', 'remaining', 'reset_at', 'queued'],
    properties: {
      allowed: { type: 'boolean' },
      remaining: { type: ['integer', 'null'] },
      reset_at: nullableTime,
      queued: { type: 'integer' },
    },
  },
  handle: async ({ caller, params }) => {
    const { integration, installation } = await findConnected(caller, params.id);
    return rateLimitOf(installation, integration);
  },
});

const action = route({
  method: 'POST',
  path: '/integrations/{id}/actions/{action}',
  summary: 'Runs an action with this account',
  who: 'integrations:run',
  body: { title: 'ActionInput', type: 'object', additionalProperties: false, properties: { input: anyValue } },
  body_optional: true,
  answer: actionAnswerSchema,
  accepted: acceptedActionSchema,
  handle: async ({ caller, params, body, signal, language, headers }) => {
    const { integration, installation } = await findConnected(caller, params.id);
    if (integration.status === 'inactive')
      throw new Failure('conflict', { message: 'This integration is switched off', help: 'switched-off' });
    if (integration.status === 'pending_setup')
      throw new Failure('conflict', {
        help: integration.choices ? 'choose-account' : 'not-connected',
        message: integration.sync_error_message ?? 'This integration is not connected yet: give it credentials first',
      });
    const request = {
      workspace_id: caller.workspace_id,
      installation,
      action: params.action,
      input: body?.input,
      project_id: integration.project_id,
      integration,
      cause: causeOf(caller),
      language,
    };
    // RFC 7240, section 4.1; other preferences of the list are not ours to honour.
    if ((headers.prefer ?? '').split(',').some((one) => one.trim().toLowerCase() === 'respond-async')) {
      return accepted(await runLater(request), { 'Preference-Applied': 'respond-async' });
    }
    try {
      const answer = await runAction({ ...request, signal });
      await note(integration, {
        action: 'action_run',
        message: answer.goes_on ? `${params.action} goes on` : `${params.action} in ${answer.duration_ms} ms`,
        actor: caller.label,
        details: { invocation_id: answer.invocation_id },
      });
      if (answer.goes_on) return accepted(answer.invocation_id);
      return new Reply({
        output: answer.output as string,
        invocation_id: answer.invocation_id,
        duration_ms: Math.round(answer.duration_ms),
      });
    } catch (error) {
      if (error instanceof Failure && error.code === 'F42308')
        await note(integration, { action: 'error', level: 'error', message: error.message, actor: caller.label }).catch(
          (cause: unknown) => log.warn({ err: cause }, 'the log of an integration could not be written'),
        );
      throw error;
    }
  },
});

export const useRoutes: Route[] = [test, logs, rateLimit, action];
