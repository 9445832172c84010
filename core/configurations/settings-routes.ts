import { findProject } from '../access/find-project.ts';
import { route } from '../http/route.ts';
import { anyObject, time } from '../http/schemas.ts';
import { applySettings, exportSettings, planSettings } from './settings-file.ts';

const path = '/projects/{id}/settings' as const;
const names = { type: 'array', items: { type: 'string', maxLength: 200 }, maxItems: 500 } as const;
const permissions = { type: 'array', items: anyObject, maxItems: 100 } as const;

const fileSchema = {
  title: 'SettingsFile',
  type: 'object',
  additionalProperties: false,
  required: ['format', 'exported_at', 'plugins'],
  properties: {
    format: { const: 'patchbay settings 1' },
    exported_at: time,
    plugins: {
      type: 'array',
      maxItems: 1000,
      items: {
        title: 'PluginSettings',
        type: 'object',
        additionalProperties: false,
        required: ['name', 'version', 'permissions', 'is_active', 'configuration', 'secrets'],
        properties: {
          name: { type: 'string', maxLength: 200 },
          version: { type: 'string', maxLength: 100 },
          permissions: { ...permissions, description: 'what was granted: a lock, told but never applied' },
          is_active: {
            type: ['boolean', 'null'],
            description: 'null: the project says nothing of it, and the workspace decides',
          },
          configuration: { ...anyObject, description: 'without secrets' },
          secrets: { ...names, description: 'names of the secrets that were set' },
        },
      },
    },
  },
} as const;

const planSchema = {
  title: 'SettingsPlan',
  type: 'object',
  additionalProperties: false,
  required: ['is_applied', 'plugins'],
  properties: {
    is_applied: { type: 'boolean' },
    plugins: {
      type: 'array',
      items: {
        title: 'PlannedSettings',
        type: 'object',
        additionalProperties: false,
        required: ['name', 'state', 'installed_version', 'wanted_version', 'added', 'changed', 'removed'],
        properties: {
          name: { type: 'string' },
          state: { enum: ['missing', 'same', 'changes'] },
          installed_version: { type: ['string', 'null'] },
          wanted_version: { type: 'string' },
          permissions_missing: permissions,
          added: names,
          changed: names,
          removed: names,
          secrets_missing: names,
          is_active: { type: ['boolean', 'null'] },
          errors: {
            type: 'array',
            description: 'what the release installed here would not take: applying the file fails with it',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['pointer', 'message'],
              properties: { pointer: { type: 'string' }, message: { type: 'string' } },
            },
          },
        },
      },
    },
  },
} as const;

const exported = route({
  method: 'GET',
  path,
  summary: 'A project’s settings as one file, without secrets',
  who: 'plugins:read',
  answer: fileSchema,
  handle: async ({ caller, params }) => {
    const project = await findProject(caller.workspace_id, params.id, caller.project_id);
    return exportSettings(caller.workspace_id, project._id);
  },
});

const applied = route({
  method: 'POST',
  path,
  summary: 'Apply a file of settings to a project, or see what that would change (plan)',
  who: 'plugins:configure',
  max_bytes: 5_000_000,
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['file'],
    properties: { file: fileSchema, plan: { type: 'boolean', default: false } },
  },
  answer: planSchema,
  handle: async ({ caller, params, language, body: { file, plan } }) => {
    const { workspace_id, kind, id, label } = caller;
    const project = await findProject(workspace_id, params.id, caller.project_id);
    const settle = plan ? planSettings : applySettings;
    const plugins = await settle(workspace_id, project._id, file, { kind, id, label }, language);
    return { is_applied: !plan, plugins };
  },
});

export const settingsRoutes = [exported, applied];
