import { anyObject, nullableTime, text, time } from '../http/schemas.ts';

const url = {
  type: 'string',
  minLength: 1,
  maxLength: 2048,
  description: 'http or https, at an address that may be called',
} as const;
const events = {
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: 200 },
  minItems: 1,
  maxItems: 200,
  description: 'event types, as GET /webhooks/events lists them',
} as const;
const headers = {
  type: 'object',
  maxProperties: 30,
  additionalProperties: { type: 'string', maxLength: 4000 },
  description: 'sent with each delivery; values of those that look like secrets read "••••"',
} as const;
const secret = {
  type: 'string',
  minLength: 8,
  maxLength: 200,
  description: 'whsec_ and base64 of 24 to 64 bytes, or any text; made when absent',
} as const;
const retry_config = {
  title: 'RetryConfig',
  type: 'object',
  additionalProperties: false,
  properties: {
    max_retries: { type: 'integer', minimum: 0, maximum: 20, description: 'attempts after the first; 3 unless given' },
    retry_delay: {
      type: 'number',
      minimum: 0,
      maximum: 86_400,
      description: 'seconds before the first retry; 5 unless given',
    },
    backoff_multiplier: {
      type: 'number',
      minimum: 1,
      maximum: 10,
      description: 'each wait over the one before; 2 unless given',
    },
    schedule: { const: 'standard', description: 'instead of the three: ten attempts over 75 hours, ±20 %' },
  },
} as const;
const timeout_seconds = {
  type: 'integer',
  minimum: 1,
  maximum: 120,
  description: 'for one attempt as a whole',
} as const;
const filter = {
  type: ['object', 'null'],
  additionalProperties: true,
  description: 'JSON Schema that the data of an event must fit to be delivered',
} as const;
const order_key = {
  type: ['string', 'null'],
  pattern: '^(/([^~/]|~[01])*){1,8}$',
  maxLength: 200,
  description: 'JSON Pointer into the data: deliveries with the same value there are made one after the other',
} as const;
const integration_id = {
  type: ['string', 'null'],
  maxLength: 64,
  description: 'only events of this integration',
} as const;

const changeable = {
  name: text,
  url,
  events,
  filter,
  headers,
  is_active: { type: 'boolean' },
  retry_config,
  timeout_seconds,
  order_key,
  integration_id,
} as const;

export const newWebhook = {
  title: 'NewWebhook',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'url', 'events'],
  properties: {
    ...changeable,
    project_id: { type: 'string', maxLength: 64, description: 'the default project unless given' },
    secret,
    is_active: { type: 'boolean', default: true },
    timeout_seconds: { ...timeout_seconds, default: 30 },
  },
} as const;

export const webhookChange = {
  title: 'WebhookChange',
  type: 'object',
  additionalProperties: false,
  properties: {
    ...changeable,
    secret: {
      type: 'string',
      minLength: 8,
      maxLength: 200,
      description: 'replaces the secret at once; "••••" keeps it',
    },
  },
} as const;

export const webhookSchema = {
  title: 'Webhook',
  type: 'object',
  additionalProperties: false,
  required: [
    ...([
      'id',
      'project_id',
      'name',
      'url',
      'events',
      'filter',
      'headers',
      'secret',
      'public_keys',
      'is_active',
    ] as const),
    ...(['disabled_reason', 'retry_config', 'timeout_seconds', 'order_key', 'integration_id'] as const),
    ...(['last_triggered_at', 'success_count', 'failure_count', 'consecutive_failures'] as const),
    ...(['created_by', 'created_at', 'updated_at'] as const),
  ],
  properties: {
    id: { type: 'string' },
    project_id: { type: 'string' },
    name: { type: 'string' },
    url: { type: 'string' },
    events: { type: 'array', items: { type: 'string' } },
    filter,
    headers: { ...headers, maxProperties: 1000 },
    secret: {
      type: 'string',
      description:
        'masked; in full only in the answer that made it. Its bytes (the base64 after whsec_) are the key of v1; its text is the key of X-Webhook-Signature',
    },
    public_keys: {
      type: 'array',
      items: { type: 'string' },
      description: 'whpk_ keys that verify v1a, newest first; more than one during a rotation',
    },
    is_active: { type: 'boolean' },
    disabled_reason: { type: ['string', 'null'], description: 'why it switched itself off' },
    retry_config,
    timeout_seconds: { type: 'integer' },
    order_key: { type: ['string', 'null'] },
    integration_id: { type: ['string', 'null'] },
    last_triggered_at: nullableTime,
    success_count: { type: 'integer' },
    failure_count: { type: 'integer' },
    consecutive_failures: { type: 'integer' },
    created_by: { type: 'string' },
    created_at: time,
    updated_at: time,
  },
} as const;

const timings = {
  anyOf: [
    {
      title: 'Timings',
      type: 'object',
      additionalProperties: false,
      required: ['connect_ms', 'head_ms', 'body_ms'],
      properties: {
        connect_ms: { type: ['integer', 'null'], description: 'with resolving and TLS; null: the connection stood' },
        head_ms: { type: 'integer', description: 'until the answer’s head had come' },
        body_ms: { type: 'integer', description: 'from then until its body had, or was cut' },
      },
    },
    { type: 'null' },
  ],
} as const;

/** What an attempt tells of the answer. */
const answered = {
  duration_ms: { type: 'integer' },
  response_headers: {
    anyOf: [{ type: 'object', additionalProperties: { type: 'string' } }, { type: 'null' }],
    description: 'the first 30 headers of the answer, without cookies',
  },
  response_head: { type: ['string', 'null'], description: 'the start of the answer’s body' },
  error: { type: ['string', 'null'] },
  address: { type: ['string', 'null'], description: 'the IP address that answered, or was tried' },
  timings,
} as const;

export const deliverySchema = {
  title: 'Delivery',
  type: 'object',
  additionalProperties: false,
  required: [
    'id',
    'event_id',
    'event_type',
    'status',
    'attempts',
    'next_attempt_at',
    'created_at',
    'finished_at',
    'request',
  ],
  properties: {
    id: { type: 'string' },
    event_id: { type: 'string', description: 'also the `webhook-id` of every attempt' },
    event_type: { type: 'string' },
    status: { enum: ['pending', 'succeeded', 'failed'] },
    attempts: {
      type: 'array',
      items: {
        title: 'Attempt',
        type: 'object',
        additionalProperties: false,
        required: [
          ...(['at', 'status_code', 'duration_ms', 'response_headers', 'response_head', 'error'] as const),
          ...(['address', 'timings'] as const),
        ],
        properties: { at: time, status_code: { type: ['integer', 'null'] }, ...answered },
      },
    },
    next_attempt_at: nullableTime,
    created_at: time,
    finished_at: nullableTime,
    request: {
      type: 'object',
      additionalProperties: false,
      required: ['method', 'url', 'headers'],
      properties: { method: { const: 'POST' }, url: { type: 'string' }, headers },
    },
  },
} as const;

export const testAnswer = {
  title: 'WebhookTest',
  type: 'object',
  additionalProperties: false,
  required: [
    ...(['success', 'status_code', 'duration_ms', 'response_headers', 'response_head', 'error'] as const),
    ...(['address', 'timings'] as const),
  ],
  properties: { success: { type: 'boolean' }, status_code: { type: 'integer' }, ...answered },
} as const;

export const testBody = {
  type: 'object',
  additionalProperties: false,
  properties: { test_payload: { ...anyObject, description: 'the data that is sent; a sample unless given' } },
} as const;
