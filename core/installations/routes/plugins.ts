import { listOf, pageFields } from '../../http/paging.ts';
import { Reply, route } from '../../http/route.ts';
import { anyObject, bundleBytes, done, text } from '../../http/schemas.ts';
import { changeInstallation, resumeInstallation } from '../change.ts';
import { findInstallation } from '../find-installation.ts';
import type { Given } from '../grants.ts';
import { installPlugin } from '../install.ts';
import { listInstallations } from '../list-installations.ts';
import { presentPlugin, presentPlugins } from '../present.ts';
import { givenPermission, pluginSchema } from '../schemas.ts';
import { uninstallPlugin } from '../uninstall.ts';

const permissions = { type: 'array', items: givenPermission, maxItems: 100 } as const;

const list = route({
  method: 'GET',
  path: '/plugins',
  summary: 'The plugins that this workspace runs',
  who: 'plugins:read',
  query: {
    is_enabled: { type: 'boolean' },
    is_verified: { type: 'boolean' },
    sort_by: { enum: ['rating', 'downloads', 'installed_at', 'name'], default: 'installed_at' },
    ...pageFields,
  },
  answer: listOf('plugins', pluginSchema),
  handle: async ({ caller, query, language }) => {
    const { installations, total } = await listInstallations(caller.workspace_id, query);
    return { plugins: await presentPlugins(installations, language), total, page: query.page, size: query.size };
  },
});

const install = route({
  method: 'POST',
  path: '/plugins',
  summary: 'Install a plugin from the marketplace, with the permissions that are granted',
  who: 'plugins:write',
  max_bytes: bundleBytes + 2_000_000,
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { ...text, description: '@publisher/name, its unscoped part, or the display name' },
      version: { type: 'string', maxLength: 100, description: 'exact, or a range; the newest without it' },
      permissions,
      is_enabled: { type: 'boolean' },
      manifest: { ...anyObject, description: 'must equal the released one; with `bundle`, a sideload' },
      bundle: { type: 'string', maxLength: bundleBytes, description: 'source of the ES module' },
      description: { type: 'string', maxLength: 10_000, description: 'taken, the manifest’s counts' },
      author: { type: 'string', maxLength: 500 },
      repository_url: { type: 'string', maxLength: 1000 },
      documentation_url: { type: 'string', maxLength: 1000 },
      configuration_schema: anyObject,
      is_verified: { type: 'boolean', description: 'taken, never believed' },
    },
  },
  answer: pluginSchema,
  status: 201,
  handle: async ({ caller, body, language }) => {
    const { name, version, permissions: given, is_enabled, manifest, bundle } = body;
    const installation = await installPlugin(caller, {
      name,
      ...(version !== undefined && { version }),
      ...(given && { permissions: given as Given[] }),
      ...(is_enabled !== undefined && { is_enabled }),
      ...(manifest !== undefined && { manifest }),
      ...(bundle !== undefined && { bundle }),
    });
    return presentPlugin(installation, language);
  },
});

const detail = route({
  method: 'GET',
  path: '/plugins/{id}',
  summary: 'One installed plugin',
  who: 'plugins:read',
  answer: pluginSchema,
  handle: async ({ caller, params, language }) =>
    presentPlugin(await findInstallation(caller.workspace_id, params.id), language),
});

const change = route({
  method: 'PATCH',
  path: '/plugins/{id}',
  summary: 'Switch, pin, narrow an installed plugin',
  who: 'plugins:write',
  body: {
    type: 'object',
    additionalProperties: false,
    properties: {
      is_enabled: { type: 'boolean' },
      pinned: { type: 'boolean', description: 'no automatic upgrade at all' },
      auto_upgrade: { enum: ['manual', 'patch', 'minor'] },
      permissions,
      jitless: { type: 'boolean', description: 'without machine code: slower, in a process of its own' },
      is_recording: { type: 'boolean', description: 'keep for 7 days what replay needs of every call' },
    },
  },
  answer: pluginSchema,
  handle: async ({ caller, params, body, language }) => {
    const { permissions: given, ...plain } = body;
    const changed = await changeInstallation(caller, params.id, {
      ...plain,
      ...(given && { permissions: given as Given[] }),
    });
    return presentPlugin(changed, language);
  },
});

const keepable = ['records', 'configuration'] as const;

const remove = route({
  method: 'DELETE',
  path: '/plugins/{id}',
  summary: 'Uninstall a plugin with everything of it',
  who: 'plugins:write',
  query: {
    keep: {
      type: 'string',
      pattern: '^(records|configuration)(,(records|configuration))?$',
      description: 'what stays: records, configuration, or both with a comma',
    },
    force: { type: 'boolean', default: false, description: 'with the integrations that use it' },
  },
  answer: done,
  handle: async ({ caller, params, query }) => {
    const asked = new Set((query.keep ?? '').split(','));
    await uninstallPlugin(caller, params.id, { keep: keepable.filter((what) => asked.has(what)), force: query.force });
    return {};
  },
});

const resume = route({
  method: 'POST',
  path: '/plugins/{id}/resume',
  summary: 'Let a plugin run again that was stopped after too many strikes',
  who: 'plugins:write',
  answer: pluginSchema,
  handle: async ({ caller, params, language }) =>
    new Reply(await presentPlugin(await resumeInstallation(caller, params.id), language)),
});

export const pluginRoutes = [list, install, detail, change, remove, resume];
