import { anyObject, id, longText, nullableTime, text, time } from '../http/schemas.ts';

export const syncSettings = {
  title: 'SyncSettings',
  type: 'object',
  additionalProperties: false,
  properties: {
    sync_interval: {
      type: 'string',
      maxLength: 100,
      description: '`manual`, `hourly`, `daily`, every so many minutes or hours (`15m`, `2h`), or a cron expression',
    },
    auto_sync: { type: 'boolean' },
    streams: { type: 'array', items: { type: 'string', maxLength: 64 }, maxItems: 200 },
    time_zone: { type: 'string', maxLength: 64 },
    retention_days: {
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 3_650,
      description:
        'days after their last change when records are forgotten here; null: kept as long as the vendor has them',
    },
  },
} as const;

const nullableText = { type: ['string', 'null'] } as const;
const nullableCount = { type: ['integer', 'null'], minimum: 1, maximum: 10_000_000 } as const;
const status = { type: 'string', enum: ['active', 'inactive', 'error', 'pending_setup'] } as const;

export const integrationSchema = {
  title: 'Integration',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'project_id', 'integration_type', 'service_type', 'name', 'configuration', 'auth_config', 'status'],
  properties: {
    id,
    project_id: id,
    plugin_id: id,
    integration_type: text,
    service_type: text,
    provider: nullableText,
    name: text,
    description: nullableText,
    logo_url: nullableText,
    configuration: anyObject,
    auth_config: {
      title: 'AuthSummary',
      type: ['object', 'null'],
      description: 'Credentials never come back',
      additionalProperties: false,
      required: ['auth_type', 'token_encrypted', 'scopes', 'expires_at', 'account'],
      properties: {
        auth_type: { type: 'string' },
        token_encrypted: { type: 'boolean' },
        scopes: { type: 'array', items: { type: 'string' } },
        expires_at: nullableTime,
        account: nullableText,
      },
    },
    choices: {
      type: ['array', 'null'],
      description: 'what the account opens, to choose one of with PATCH {"choice": id}; null: nothing is to be chosen',
      items: {
        title: 'Choice',
        type: 'object',
        additionalProperties: false,
        required: ['id', 'title'],
        properties: { id: { type: 'string' }, title: { type: 'string' } },
      },
    },
    choice: { ...nullableText, description: 'what was chosen' },
    sync_settings: syncSettings,
    status,
    last_sync_at: nullableTime,
    sync_error_message: nullableText,
    help: { ...nullableText, description: 'where it is explained why the integration does not work' },
    metadata: anyObject,
    is_public: { type: 'boolean' },
    rate_limit_per_hour: nullableCount,
    rate_limit_per_day: nullableCount,
    created_by: { type: 'string' },
    created_at: time,
    updated_at: time,
  },
} as const;

const changeable = {
  name: text,
  description: { type: ['string', 'null'], maxLength: 10_000 },
  logo_url: { type: ['string', 'null'], maxLength: 2_000, format: 'uri', pattern: '^(https?:|data:image/)' },
  configuration: anyObject,
  auth_config: {
    ...anyObject,
    description: '`auth_type` and the fields of that kind; see GET /integrations/types/{type}/schema',
  },
  sync_settings: syncSettings,
  scopes: { type: 'array', items: { type: 'string', maxLength: 300 }, maxItems: 200 },
  rate_limit_per_hour: nullableCount,
  rate_limit_per_day: nullableCount,
  is_public: { type: 'boolean' },
  metadata: anyObject,
  last_sync_at: { ...nullableTime, description: 'taken and ignored' },
} as const;

export const newIntegration = {
  title: 'NewIntegration',
  type: 'object',
  additionalProperties: false,
  properties: {
    ...changeable,
    project_id: id,
    integration_type: text,
    provider: text,
    service_type: { ...text, description: 'taken and ignored: it is the plugin’s' },
  },
} as const;

export const integrationChange = {
  title: 'IntegrationChange',
  type: 'object',
  additionalProperties: false,
  properties: {
    ...changeable,
    status: { type: 'string', enum: ['active', 'inactive'] },
    choice: { type: 'string', maxLength: 500, description: 'the id of one of `choices`' },
  },
} as const;

export const integrationLog = {
  title: 'IntegrationLog',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'action', 'level', 'message', 'created_at'],
  properties: {
    id,
    action: { type: 'string' },
    level: { type: 'string', enum: ['info', 'error'] },
    message: longText,
    actor: nullableText,
    details: anyObject,
    created_at: time,
  },
} as const;
