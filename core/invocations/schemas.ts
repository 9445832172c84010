import { anyObject, anyValue, time } from '../http/schemas.ts';

const string = { type: 'string' } as const;
const nullableString = { type: ['string', 'null'] } as const;
const number = { type: 'number' } as const;
const count = { type: 'integer' } as const;

export const actionAnswerSchema = {
  title: 'PluginActionAnswer',
  type: 'object',
  additionalProperties: false,
  required: ['output', 'invocation_id', 'duration_ms'],
  properties: { output: anyValue, invocation_id: string, duration_ms: number },
} as const;

export const logLineSchema = {
  title: 'LogLine',
  type: 'object',
  additionalProperties: false,
  required: ['level', 'message', 'at', 'invocation_id', 'handler'],
  properties: {
    level: { enum: ['debug', 'info', 'warn', 'error'] },
    message: string,
    fields: { type: 'object', additionalProperties: true },
    at: string,
    invocation_id: string,
    handler: string,
  },
} as const;

const invocationFields = {
  id: string,
  plugin_id: string,
  plugin: string,
  version: string,
  is_canary: { type: 'boolean' },
  handler: string,
  project_id: nullableString,
  integration_id: nullableString,
  cause: {
    type: 'object',
    additionalProperties: false,
    required: ['kind', 'id'],
    properties: { kind: string, id: string, label: nullableString },
  },
  status: { enum: ['succeeded', 'failed', 'timed_out'] },
  error: {
    title: 'InvocationError',
    type: ['object', 'null'],
    additionalProperties: false,
    required: ['type', 'message'],
    properties: { type: string, name: nullableString, message: string, stack: nullableString },
  },
  started_at: time,
  duration_ms: number,
  cpu_ms: number,
  heap_bytes: number,
  bytes_in: number,
  bytes_out: number,
  attempt: count,
  host_call_count: count,
  denied_count: count,
  has_recording: { type: 'boolean' },
  continues: { ...nullableString, description: 'of a long action: the invocation that it began with' },
  part: { ...count, description: 'of a long action: which of its calls this is, from 1' },
  continued_by: { ...nullableString, description: 'of a long action: the invocation of its next call' },
} as const;

export const invocationSchema = {
  title: 'Invocation',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'plugin', 'version', 'handler', 'status', 'started_at', 'duration_ms'],
  properties: invocationFields,
} as const;

/** An action that was taken on without the caller waiting, or that asked to be called again. */
export const acceptedActionSchema = {
  title: 'ActionAccepted',
  type: 'object',
  additionalProperties: false,
  required: ['invocation_id', 'status'],
  properties: { invocation_id: string, status: { const: 'queued' } },
} as const;

/** One invocation with its trace. */
export const invocationDetailSchema = {
  title: 'InvocationDetail',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'plugin', 'version', 'handler', 'status', 'started_at', 'duration_ms', 'host_calls', 'logs'],
  properties: {
    ...invocationFields,
    status: { enum: ['queued', 'running', 'succeeded', 'failed', 'timed_out'] },
    input_head: { ...string, description: 'JSON, cut; secrets masked' },
    output_head: nullableString,
    output: { ...anyValue, description: 'the whole output, where nobody waited for it (a 202)' },
    next_at: { ...time, description: 'of a long action: when it is called again, at the earliest' },
    host_calls: {
      type: 'array',
      items: {
        title: 'HostCall',
        type: 'object',
        additionalProperties: false,
        required: ['op', 'ok', 'ms'],
        properties: {
          op: string,
          detail: string,
          ok: { type: 'boolean' },
          ms: number,
          at_ms: { ...number, description: 'when it began, counted from the begin of the call' },
          permission: string,
        },
      },
    },
    denied: {
      type: 'array',
      items: {
        title: 'DeniedCall',
        type: 'object',
        additionalProperties: false,
        required: ['permission', 'detail'],
        properties: { permission: string, detail: string },
      },
    },
    logs: { type: 'array', items: logLineSchema },
  },
} as const;

export const metricsSchema = {
  title: 'PluginMetrics',
  type: 'object',
  additionalProperties: false,
  required: ['since', 'calls', 'errors', 'p50_ms', 'p95_ms', 'p99_ms', 'over_time'],
  properties: {
    since: time,
    calls: count,
    errors: count,
    by_error: { type: 'object', additionalProperties: { type: 'integer' } },
    cpu_ms: number,
    heap_bytes: { ...number, description: 'the greatest seen' },
    host_calls: count,
    p50_ms: number,
    p95_ms: number,
    p99_ms: number,
    over_time: {
      type: 'array',
      items: {
        title: 'PluginMetricsBucket',
        type: 'object',
        additionalProperties: false,
        required: ['at', 'calls', 'errors', 'p50_ms', 'p95_ms', 'p99_ms'],
        properties: {
          at: time,
          calls: count,
          errors: count,
          cpu_ms: number,
          heap_bytes: number,
          host_calls: count,
          p50_ms: number,
          p95_ms: number,
          p99_ms: number,
        },
      },
    },
  },
} as const;

export const recordingSchema = {
  title: 'Recording',
  type: 'object',
  additionalProperties: false,
  required: [
    'plugin',
    'version',
    'handler',
    'args',
    'context',
    'grants',
    'use',
    'seed',
    'clock',
    'host_calls',
    'outcome',
  ],
  properties: {
    plugin: string,
    version: string,
    digest: string,
    handler: string,
    use: { enum: ['call', 'job'] },
    started_at: time,
    args: { type: 'array', items: anyValue },
    context: { ...anyObject, description: 'what `ctx` was made of; secrets masked' },
    grants: { type: 'array', items: anyObject },
    seed: { ...string, description: 'hex; all random values of the call grew from it' },
    clock: { type: 'array', items: number, description: 'what it read of the clock, milliseconds, in order' },
    host_calls: { type: 'array', items: anyObject, description: 'in the order in which they were answered' },
    is_cut: { type: 'boolean', description: 'it was too long: the end of host_calls or clock is missing' },
    outcome: anyObject,
  },
} as const;
