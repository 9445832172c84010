import type { CallResult } from '../../sandbox/types.ts';
import { withoutSecrets } from '../../sdk/contract/without-secrets.ts';
import { mask } from '../audit/mask.ts';
import { transaction } from '../database/transaction.ts';
import { keptUntil } from '../jobs/kept.ts';
import type { NextCall } from './go-on.ts';
import type { PreparedCall } from './invoke.ts';
import { enqueueLater } from './later-action.ts';
import { logLevels } from './log-levels.ts';
import { countInvocation } from './metrics.ts';
import { Invocation, type InvocationStatus, Recording } from './model.ts';

const headChars = 4_000;
/** A recording past this is not kept. A call that failed is worth more room: somebody will want to know why. */
const mostRecorded = { failed: 8_000_000, succeeded: 250_000 } as const;
/** Handlers whose arguments are a vendor's token answer. */
export const secretArguments = new Set(['connect']);

/**
 * Writes down one call: what went in, what came out, what it cost. With the call that it asks for, if any: a host that dies
 * leaves both or neither.
 */
export async function recordInvocation(
  call: PreparedCall,
  result: CallResult,
  duration_ms: number,
  output: unknown,
  next: NextCall | null = null,
): Promise<void> {
  const { invoke, release, request } = call;
  const recording = recordingOf(call, result, output);
  const expires_at = keptUntil('invocations', call.started_at.getTime());
  const invocation: Invocation = {
    _id: call.invocation_id,
    workspace_id: invoke.workspace_id,
    project_id: request.scope.project_id,
    installation_id: invoke.installation._id,
    integration_id: invoke.integration?._id ?? null,
    plugin: invoke.installation.name,
    version: release.version,
    is_canary: release.is_canary,
    handler: invoke.handler,
    cause: invoke.cause,
    use: request.use,
    status: statusOf(result),
    error: result.ok
      ? null
      : {
          type: result.error.type,
          name: result.error.name ?? null,
          message: result.error.message,
          stack: result.error.stack ?? null,
        },
    input_head: secretArguments.has(invoke.handler) ? '' : head(invoke.args),
    output_head: result.ok && !next ? head(output) : null,
    output_text: result.ok && !next && invoke.invocation_id !== undefined ? (JSON.stringify(output) ?? null) : null,
    started_at: call.started_at,
    duration_ms,
    cpu_ms: result.usage.cpu_ms,
    heap_bytes: result.usage.heap_bytes,
    bytes_in: result.usage.bytes_in,
    bytes_out: result.usage.bytes_out,
    attempt: result.usage.attempt,
    host_calls: result.usage.host_calls,
    denied: result.usage.denied,
    logs_text: JSON.stringify(call.logs),
    log_counts: logLevels.map((level) => call.logs.filter((line) => line.level === level).length),
    has_recording: recording !== null,
    continues: invoke.part?.root ?? null,
    part: invoke.part?.number ?? 1,
    continued_by: next?.data.invocation_id ?? null,
    expires_at,
  };
  countInvocation(invocation);
  if (!next) return store(invocation, recording);
  await transaction(async () => {
    await store(invocation, recording);
    await enqueueLater(invoke.workspace_id, next.data, next.after_ms);
  });
}

async function store(invocation: Invocation, recording: string | null): Promise<void> {
  await Invocation.create(invocation);
  if (recording === null) return;
  const { _id, workspace_id, installation_id, started_at } = invocation;
  await Recording.create({
    ...{ _id, workspace_id, installation_id, text: recording },
    created_at: started_at,
    expires_at: keptUntil('recordings', started_at.getTime()),
  });
}

export function statusOf(result: CallResult): InvocationStatus {
  if (result.ok) return 'succeeded';
  return result.error.type === 'timeout' || result.error.type === 'starved' ? 'timed_out' : 'failed';
}

/** The beginning of a value as JSON, with what looks like a secret masked. */
function head(value: unknown): string {
  const text = JSON.stringify(mask(value)) ?? 'null';
  return text.length > headChars ? `${text.slice(0, headChars)}…` : text;
}

/** What `sandbox/replay.ts` needs, and what came of it; null when it was not recorded or would be too large. */
function recordingOf(call: PreparedCall, result: CallResult, output: unknown): string | null {
  const { recorder, request, release, invoke, started_at } = call;
  if (!recorder) return null;
  const { host_calls, ...journal } = recorder.read();
  const { journal: _, ...context } = JSON.parse(request.context) as Record<string, unknown>;
  const masked = withoutSecrets({
    args: JSON.parse(request.args) as unknown,
    context,
    outcome: result.ok
      ? { ok: true, output, ...(result.again && { again: true }) }
      : { ok: false, error: { type: result.error.type, name: result.error.name, message: result.error.message } },
  }) as object;
  const head = JSON.stringify({
    plugin: invoke.installation.name,
    version: release.version,
    digest: release.digest,
    handler: request.handler,
    use: request.use,
    started_at: started_at.toISOString(),
    grants: request.grants,
    ...journal,
    ...masked,
  });
  const text = `${head.slice(0, -1)},"host_calls":[${host_calls.join(',')}]}`;
  return text.length > mostRecorded[result.ok ? 'succeeded' : 'failed'] ? null : text;
}
