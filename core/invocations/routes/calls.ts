import { Failure } from '../../../sdk/contract/failure.ts';
import { quote } from '../../../sdk/contract/quote.ts';
import { findProject } from '../../access/find-project.ts';
import { trusted } from '../../database/mongoose.ts';
import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { route } from '../../http/route.ts';
import { anyValue, id, time } from '../../http/schemas.ts';
import type { Shape } from '../../http/shape.ts';
import { findInstallation } from '../../installations/find-installation.ts';
import { permissionSchema } from '../../registry/schemas.ts';
import { causeOf } from '../cause.ts';
import { findInvocation } from '../find-invocation.ts';
import { Invocation, Recording } from '../model.ts';
import { pluginMetrics } from '../plugin-metrics.ts';
import { presentInvocation } from '../present.ts';
import { runAction } from '../run-action.ts';
import {
  acceptedActionSchema,
  actionAnswerSchema,
  invocationDetailSchema,
  invocationSchema,
  metricsSchema,
  recordingSchema,
} from '../schemas.ts';
import { usedPermissions } from '../used-permissions.ts';
import { accepted } from './accepted.ts';

const act = route({
  method: 'POST',
  path: '/plugins/{id}/actions/{action}',
  summary: 'Run an action of a plugin, without an integration',
  who: 'plugins:run',
  max_bytes: 2_000_000,
  body: {
    type: 'object',
    additionalProperties: false,
    properties: { input: anyValue, project_id: id },
  },
  answer: actionAnswerSchema,
  accepted: acceptedActionSchema,
  handle: async ({ caller, params, body, signal, language }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    const project = await findProject(caller.workspace_id, body.project_id, caller.project_id);
    const { output, invocation_id, duration_ms, goes_on } = await runAction({
      workspace_id: caller.workspace_id,
      installation,
      action: params.action,
      input: body.input,
      project_id: project._id,
      cause: causeOf(caller),
      ...{ signal, language },
    });
    if (goes_on) return accepted(invocation_id);
    return { output: output as string, invocation_id, duration_ms };
  },
});

const list = route({
  method: 'GET',
  path: '/plugins/{id}/invocations',
  summary: 'Calls into a plugin, the latest first',
  who: 'plugins:read',
  query: {
    status: { enum: ['succeeded', 'failed', 'timed_out'] },
    handler: { type: 'string', maxLength: 200 },
    since: time,
    ...pageFields,
  },
  answer: listOf('invocations', invocationSchema),
  handle: async ({ caller, params, query }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    const filter = {
      workspace_id: caller.workspace_id,
      installation_id: installation._id,
      // A key of one project sees that project's calls only.
      ...(caller.project_id && { project_id: caller.project_id }),
      ...(query.status && { status: query.status }),
      ...(query.handler && { handler: query.handler }),
      ...(query.since && { started_at: trusted({ $gte: new Date(query.since) }) }),
    };
    const { skip, limit } = pageWindow(query);
    const [found, total] = await Promise.all([
      Invocation.find(filter).select('-output_text').sort({ started_at: -1, _id: -1 }).skip(skip).limit(limit).lean(),
      Invocation.countDocuments(filter),
    ]);
    return { invocations: found.map(presentInvocation), total, page: query.page, size: query.size };
  },
});

const detail = route({
  method: 'GET',
  path: '/invocations/{id}',
  summary: 'One call with its trace',
  who: 'plugins:read',
  answer: invocationDetailSchema,
  handle: ({ caller, params }) => findInvocation(caller.workspace_id, params.id, caller.project_id),
});

const recording = route({
  method: 'GET',
  path: '/invocations/{id}/recording',
  summary:
    'What `patchbay replay` needs to run a call again; kept for 7 days, unless is_recording of the plugin is off or it is too large',
  who: 'plugins:configure',
  answer: recordingSchema,
  handle: async ({ caller, params }) => {
    const { workspace_id, project_id } = caller;
    const call = await Invocation.findOne({ _id: params.id, workspace_id }, { project_id: 1 }).lean();
    const isSeen = call && (!project_id || call.project_id === project_id);
    const found = isSeen ? await Recording.findOne({ _id: params.id, workspace_id }).lean() : null;
    if (!found) {
      throw new Failure('not_found', {
        message: `There is no recording of ${quote(params.id)}: it is over 7 days old or too large, or is_recording of the plugin is off`,
      });
    }
    return JSON.parse(found.text) as Shape<typeof recordingSchema>;
  },
});

const metrics = route({
  method: 'GET',
  path: '/plugins/{id}/metrics',
  summary: 'Calls, errors, cost and percentiles of a plugin over time',
  who: 'plugins:read',
  query: { hours: { type: 'integer', minimum: 1, maximum: 720, default: 24, description: 'how far back' } },
  answer: metricsSchema,
  handle: async ({ caller, params, query }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    const since = new Date(Date.now() - query.hours * 3_600_000);
    return pluginMetrics(caller.workspace_id, installation._id, since);
  },
});

const permissions = route({
  method: 'GET',
  path: '/plugins/{id}/permissions',
  summary: 'What a plugin declares, what it was granted, and what it used',
  who: 'plugins:read',
  answer: {
    title: 'PermissionReport',
    type: 'object',
    additionalProperties: false,
    required: ['declared', 'granted', 'used'],
    properties: {
      declared: { type: 'array', items: permissionSchema },
      granted: { type: 'array', items: permissionSchema },
      used: {
        type: 'array',
        items: {
          title: 'PermissionUse',
          type: 'object',
          additionalProperties: false,
          required: ['name', 'used', 'last_used_at', 'denied', 'last_denied_at'],
          properties: {
            name: { type: 'string' },
            used: { type: 'integer' },
            last_used_at: { type: ['string', 'null'] },
            denied: { type: 'integer' },
            last_denied_at: { type: ['string', 'null'] },
          },
        },
      },
    },
  },
  handle: async ({ caller, params }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    const used = await usedPermissions(caller.workspace_id, installation._id);
    return {
      declared: (installation.manifest.permissions ?? []).map((permission) => permission as { name: string }),
      granted: installation.grants.map((grant) => ({ ...grant })),
      used: [...used].map(([name, { last_used_at, last_denied_at, ...counts }]) => ({
        name,
        ...counts,
        last_used_at: last_used_at?.toISOString() ?? null,
        last_denied_at: last_denied_at?.toISOString() ?? null,
      })),
    };
  },
});

export const callRoutes = [act, list, detail, recording, metrics, permissions];
