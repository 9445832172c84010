import { id, nullableTime, time } from '../http/schemas.ts';
import { roles, scopes } from './rights.ts';

/** Fields that several routes of access take or give. */
export const email = { type: 'string', format: 'email', maxLength: 254 } as const;
export const password = {
  type: 'string',
  minLength: 12,
  maxLength: 200,
  description: 'at least 12 characters',
} as const;
/** A password that is being tried: the rules of new ones do not matter. */
export const givenPassword = { type: 'string', minLength: 1, maxLength: 200 } as const;
export const totpOrRecovery = {
  type: 'string',
  pattern: '^([0-9]{6}|[0-9A-Za-z]{5}-[0-9A-Za-z]{5})$',
  description: 'six digits, or a recovery code',
} as const;
export const personName = { type: 'string', minLength: 1, maxLength: 100 } as const;
export const role = { enum: roles } as const;
export const byCookie = {
  type: 'boolean',
  default: false,
  description: 'true sets the HttpOnly session cookie and answers no tokens',
} as const;
export const addresses = {
  type: 'array',
  maxItems: 100,
  items: { type: 'string', minLength: 2, maxLength: 64 },
  description: 'addresses and CIDRs; empty: from everywhere',
} as const;
export const quota = { type: ['integer', 'null'], minimum: 1, maximum: 1_000_000_000 } as const;

export const userSchema = {
  title: 'User',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'email', 'name', 'site_roles', 'totp_active', 'last_login_at', 'created_at'],
  properties: {
    id,
    email: { type: 'string' },
    name: { type: 'string' },
    site_roles: { type: 'array', items: { enum: ['operator', 'reviewer'] } },
    totp_active: { type: 'boolean' },
    last_login_at: nullableTime,
    created_at: time,
  },
} as const;

export const ownWorkspaceSchema = {
  title: 'OwnWorkspace',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'name', 'role'],
  properties: { id, name: { type: 'string' }, role },
} as const;

export const signedInSchema = {
  title: 'SignedIn',
  type: 'object',
  description: 'the three fields of tokens are missing where the session cookie was set instead',
  additionalProperties: false,
  required: ['user', 'workspaces'],
  properties: {
    access_token: { type: 'string', description: 'a JWT (EdDSA), good for expires_in seconds' },
    refresh_token: { type: 'string', description: 'takes one refresh; using it twice ends the session' },
    expires_in: { type: 'integer', description: 'seconds' },
    user: userSchema,
    workspaces: { type: 'array', items: ownWorkspaceSchema },
    workspace_id: { ...id, description: 'the workspace that was joined, where an invitation was taken' },
  },
} as const;

export const sessionSchema = {
  title: 'Session',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'kind', 'is_current', 'address', 'user_agent', 'created_at', 'last_used_at', 'expires_at'],
  properties: {
    id,
    kind: { enum: ['browser', 'tokens', 'device'] },
    is_current: { type: 'boolean' },
    address: { type: 'string' },
    user_agent: { type: 'string' },
    created_at: time,
    last_used_at: time,
    expires_at: time,
  },
} as const;

const bound = { type: 'integer', minimum: 1 } as const;

export const pluginLimitsSchema = {
  title: 'PluginLimits',
  description:
    'what one call of a plugin may use in this workspace; the host takes the lowest of its own, this and what the manifest asks',
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    cpu_ms: bound,
    wall_ms: bound,
    heap_mb: bound,
    payload_bytes: bound,
    received_bytes: bound,
    nodes: bound,
    depth: bound,
    host_calls: bound,
    host_calls_at_once: bound,
    log_lines: bound,
    log_bytes: bound,
    timers: bound,
    concurrency: bound,
    queue: bound,
  },
} as const;

export const workspaceSchema = {
  title: 'Workspace',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'name', 'ip_allowlist', 'redirect_uris', 'limits', 'created_at', 'updated_at'],
  properties: {
    id,
    name: { type: 'string' },
    ip_allowlist: { type: 'array', items: { type: 'string' } },
    redirect_uris: { type: 'array', items: { type: 'string' }, description: 'where OAuth may lead a browser back to' },
    limits: {
      type: 'object',
      additionalProperties: false,
      required: ['requests_per_hour', 'requests_per_day', 'plugins'],
      properties: {
        requests_per_hour: { type: ['integer', 'null'] },
        requests_per_day: { type: ['integer', 'null'] },
        plugins: pluginLimitsSchema,
      },
    },
    role: { enum: roles, description: 'your role in it; missing for an API key' },
    created_at: time,
    updated_at: time,
  },
} as const;

export const memberSchema = {
  title: 'Member',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'email', 'name', 'role', 'joined_at'],
  properties: { user_id: id, email: { type: 'string' }, name: { type: 'string' }, role, joined_at: time },
} as const;

export const invitationSchema = {
  title: 'Invitation',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'email', 'role', 'expires_at', 'created_at'],
  properties: {
    id,
    email: { type: ['string', 'null'] },
    role,
    expires_at: time,
    created_at: time,
    token: { type: 'string', description: 'shown once, to whoever invites' },
    url: { type: 'string', description: 'the link to pass on; shown once' },
  },
} as const;

export const projectSchema = {
  title: 'Project',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'name', 'description', 'time_zone', 'is_default', 'created_by', 'created_at', 'updated_at'],
  properties: {
    id,
    name: { type: 'string' },
    description: { type: 'string' },
    time_zone: { type: 'string' },
    is_default: { type: 'boolean' },
    created_by: { type: ['string', 'null'] },
    created_at: time,
    updated_at: time,
  },
} as const;

export const scopeList = {
  type: 'array',
  minItems: 1,
  maxItems: scopes.length,
  uniqueItems: true,
  items: { enum: scopes },
} as const;

const apiKeyProperties = {
  id,
  name: { type: 'string' },
  mode: { enum: ['live', 'test'] },
  prefix: { type: 'string', description: 'its first characters' },
  scopes: { type: 'array', items: { enum: scopes } },
  project_id: { type: ['string', 'null'] },
  rate_limit_per_hour: { type: ['integer', 'null'] },
  rate_limit_per_day: { type: ['integer', 'null'] },
  ip_allowlist: { type: 'array', items: { type: 'string' } },
  status: { enum: ['active', 'expired', 'revoked'] },
  expires_at: nullableTime,
  last_used_at: nullableTime,
  usage_count: { type: 'integer' },
  rotated_to: { type: ['string', 'null'], description: 'the key that takes over' },
  created_by: { type: 'string' },
  created_at: time,
} as const;
const apiKeyRequired = [
  'id',
  'name',
  'mode',
  'prefix',
  'scopes',
  'project_id',
  'rate_limit_per_hour',
  'rate_limit_per_day',
  'ip_allowlist',
  'status',
  'expires_at',
  'last_used_at',
  'usage_count',
  'rotated_to',
  'created_by',
  'created_at',
] as const;

export const apiKeySchema = {
  title: 'ApiKey',
  type: 'object',
  additionalProperties: false,
  required: apiKeyRequired,
  properties: apiKeyProperties,
} as const;

export const newApiKeySchema = {
  title: 'NewApiKey',
  type: 'object',
  additionalProperties: false,
  required: [...apiKeyRequired, 'key'],
  properties: { ...apiKeyProperties, key: { type: 'string', description: 'the whole key, shown this once' } },
} as const;
