import { Failure } from '../../../sdk/contract/failure.ts';
import type { Caller } from '../../http/caller.ts';
import { Reply, route } from '../../http/route.ts';
import { anyObject, bundleBytes, done, time } from '../../http/schemas.ts';
import { findingSchema, healthSchema, permissionSchema } from '../../registry/schemas.ts';
import { canaryState, endCanary } from '../canary.ts';
import { findInstallation } from '../find-installation.ts';
import type { Given } from '../grants.ts';
import { presentPlan } from '../plan-upgrade.ts';
import { presentPlugin } from '../present.ts';
import { rollbackPlugin } from '../rollback.ts';
import { givenPermission, pluginSchema } from '../schemas.ts';
import { prepareUpgrade, type Upgrader, upgradePlugin } from '../upgrade.ts';

const string = { type: 'string' } as const;
const strings = { type: 'array', items: string } as const;

const planSchema = {
  title: 'UpgradePlan',
  type: 'object',
  additionalProperties: false,
  required: ['from_version', 'to_version', 'permissions_added', 'permissions_removed', 'configuration', 'can_apply'],
  properties: {
    from_version: string,
    to_version: string,
    published_at: { type: ['string', 'null'] },
    code_size: {
      type: 'object',
      additionalProperties: false,
      required: ['from', 'to'],
      properties: { from: { type: 'integer' }, to: { type: 'integer' } },
    },
    permissions_added: { type: 'array', items: permissionSchema },
    permissions_removed: { type: 'array', items: permissionSchema },
    configuration: {
      type: 'object',
      additionalProperties: false,
      required: ['settings_added', 'settings_removed', 'migration', 'levels'],
      properties: {
        settings_added: strings,
        settings_removed: strings,
        migration: { type: ['string', 'null'] },
        levels: {
          type: 'array',
          items: {
            title: 'MigratedLevel',
            type: 'object',
            additionalProperties: false,
            required: ['project_id', 'is_changed', 'errors'],
            properties: {
              project_id: { type: ['string', 'null'] },
              is_changed: { type: 'boolean' },
              errors: {
                type: 'array',
                items: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['pointer', 'message'],
                  properties: { pointer: string, message: string },
                },
              },
            },
          },
        },
      },
    },
    findings: { type: 'array', items: findingSchema },
    health: healthSchema,
    can_apply: { type: 'boolean' },
  },
} as const;

const upgrade = route({
  method: 'POST',
  path: '/plugins/{id}/upgrade',
  summary:
    'Take a plugin to another release, or see what that would do (dry_run), or try it with some projects (canary)',
  who: 'plugins:write',
  max_bytes: bundleBytes + 2_000_000,
  body: {
    type: 'object',
    additionalProperties: false,
    properties: {
      version: { type: 'string', maxLength: 100, description: 'exact, or a range; the newest without it' },
      permissions: {
        type: 'array',
        items: givenPermission,
        maxItems: 100,
        description: 'what is granted beyond today; `credentials` consents to credentials travelling elsewhere',
      },
      manifest: { ...anyObject, description: 'of a sideloaded plugin, with `bundle`: what takes its place' },
      bundle: { type: 'string', maxLength: bundleBytes, description: 'source of the ES module' },
      dry_run: { type: 'boolean', default: false },
      canary: {
        type: 'object',
        additionalProperties: false,
        required: ['percent', 'minutes'],
        properties: {
          percent: { type: 'number', minimum: 1, maximum: 100 },
          minutes: { type: 'number', minimum: 0.1, maximum: 10_080 },
        },
      },
    },
  },
  body_optional: true,
  answer: {
    title: 'Upgraded',
    type: 'object',
    additionalProperties: false,
    required: ['plugin', 'plan'],
    properties: {
      plugin: pluginSchema,
      plan: { anyOf: [planSchema, { type: 'null' }], description: 'with dry_run' },
    },
  },
  handle: async ({ caller, params, body, language }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    const { dry_run, version, permissions, manifest, bundle, canary } = body ?? {};
    const wanted = {
      ...(version !== undefined && { version }),
      ...(permissions && { permissions: permissions as Given[] }),
      ...(manifest !== undefined && { manifest }),
      ...(bundle !== undefined && { bundle }),
      ...(canary && { canary }),
    };
    if (dry_run) {
      const { plan } = await prepareUpgrade(upgrader(caller), installation, wanted);
      return { plugin: await presentPlugin(installation, language), plan: presentPlan(installation, plan) };
    }
    const upgraded = await upgradePlugin(upgrader(caller), installation, wanted);
    return { plugin: await presentPlugin(upgraded, language), plan: null };
  },
});

const rollback = route({
  method: 'POST',
  path: '/plugins/{id}/rollback',
  summary: 'Go back to the release before the last upgrade, with the settings it had',
  who: 'plugins:write',
  answer: pluginSchema,
  handle: async ({ caller, params, language }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    return new Reply(await presentPlugin(await rollbackPlugin(upgrader(caller), installation), language));
  },
});

const readCanary = route({
  method: 'GET',
  path: '/plugins/{id}/canary',
  summary: 'How the release on trial does beside the stable one',
  who: 'plugins:read',
  answer: {
    title: 'Canary',
    type: 'object',
    additionalProperties: false,
    required: ['version', 'percent', 'started_at', 'ends_at', 'trial', 'stable', 'worse'],
    properties: {
      version: string,
      percent: { type: 'number' },
      started_at: time,
      ends_at: time,
      trial: healthSchema,
      stable: healthSchema,
      worse: { type: ['string', 'null'], description: 'why it will be ended' },
    },
  },
  handle: async ({ caller, params }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    const state = await canaryState(installation);
    if (!state) throw new Failure('not_found', { message: `No release of ${installation.name} is on trial` });
    return { ...state, started_at: state.started_at.toISOString(), ends_at: state.ends_at.toISOString() };
  },
});

const stopCanary = route({
  method: 'DELETE',
  path: '/plugins/{id}/canary',
  summary: 'End the trial; the stable release serves everybody',
  who: 'plugins:write',
  answer: done,
  handle: async ({ caller, params }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    await endCanary(upgrader(caller), installation, `ended by ${caller.label}`);
    return {};
  },
});

function upgrader({ kind, id, label }: Caller): Upgrader {
  return { kind, id, label };
}

export const upgradeRoutes = [upgrade, rollback, readCanary, stopCanary];
