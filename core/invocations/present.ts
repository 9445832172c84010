import type { LogLine } from '../../sandbox/types.ts';
import { keptUntil } from '../jobs/kept.ts';
import type { Invocation } from './model.ts';

export function presentInvocation(one: Invocation) {
  return {
    id: one._id,
    plugin_id: one.installation_id,
    plugin: one.plugin,
    version: one.version,
    is_canary: one.is_canary,
    handler: one.handler,
    project_id: one.project_id,
    integration_id: one.integration_id,
    cause: { kind: one.cause.kind, id: one.cause.id, label: one.cause.label ?? null },
    status: one.status,
    error: one.error && {
      type: one.error.type,
      name: one.error.name,
      message: one.error.message,
      stack: one.error.stack,
    },
    started_at: one.started_at.toISOString(),
    duration_ms: one.duration_ms,
    cpu_ms: one.cpu_ms,
    heap_bytes: one.heap_bytes,
    bytes_in: one.bytes_in,
    bytes_out: one.bytes_out,
    attempt: one.attempt,
    host_call_count: one.host_calls.length,
    denied_count: one.denied.length,
    continues: one.continues,
    part: one.part,
    continued_by: one.continued_by,
    has_recording: one.has_recording && new Date() < keptUntil('recordings', one.started_at.getTime()),
  };
}

export function presentInvocationDetail(one: Invocation) {
  return {
    ...presentInvocation(one),
    input_head: one.input_head,
    output_head: one.output_head,
    ...(one.output_text !== null && { output: JSON.parse(one.output_text) as string }),
    host_calls: one.host_calls.map(({ op, detail, ok, ms, at_ms, permission }) => ({
      op,
      ok,
      ms,
      ...(at_ms !== undefined && { at_ms }),
      ...(detail !== undefined && { detail }),
      ...(permission !== undefined && { permission }),
    })),
    denied: one.denied.map(({ permission, detail }) => ({ permission, detail })),
    logs: presentLines(one),
  };
}

/** The log lines of a call, each with where it came from. */
export function presentLines(one: Pick<Invocation, '_id' | 'handler' | 'logs_text'>) {
  return (JSON.parse(one.logs_text) as LogLine[]).map(({ level, message, fields, at }) => ({
    level,
    message,
    ...(fields !== undefined && { fields }),
    at,
    invocation_id: one._id,
    handler: one.handler,
  }));
}
