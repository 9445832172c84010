import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '../client/index.ts';
import { type Call, type Outcome, textOption, UsageError } from './command.ts';
import { signedInClient } from './host.ts';
import { mustBeInstalled } from './installed.ts';

const over = ['succeeded', 'partial', 'failed', 'cancelled'];
const pollMs = 300;

/**
 * Calls a handler where it is installed: an action with the settings, grants and account that it has there, or a sync of a
 * stream. A trigger is the vendor's to call: only a request that it signed passes.
 */
export async function runOnHost(
  call: Call,
  plugin: string,
  kind: string,
  name: string,
  input: unknown,
): Promise<Outcome> {
  const client = await signedInClient(call);
  const integration = textOption(call, 'integration');
  if (kind === 'trigger') {
    throw new UsageError(
      'A host takes only what the vendor signed; leave out --host to hand the trigger a request here',
    );
  }
  if (kind === 'action') {
    const body = { input: input ?? {} };
    const ran = integration
      ? await client.call('POST /integrations/{id}/actions/{action}', {
          params: { id: integration, action: name },
          body,
        })
      : await client.call('POST /plugins/{id}/actions/{action}', {
          params: { id: (await mustBeInstalled(client, plugin)).id, action: name },
          body,
        });
    if ('status' in ran) return followed(call, client, ran.invocation_id);
    return {
      result: { ...ran },
      text: `${JSON.stringify(ran.output, null, 2)}\n${Math.round(ran.duration_ms)} ms  ${ran.invocation_id}`,
    };
  }
  if (!integration) throw new UsageError('A stream is pulled for an account: --integration int_…');
  const body = { sync_type: 'incremental' as const, streams: [name] };
  let sync = await client.call('POST /integrations/{id}/sync', { params: { id: integration }, body });
  while (!over.includes(sync.status)) {
    await wait(pollMs);
    sync = await client.call('GET /integrations/{id}/sync/{sync_id}', {
      params: { id: integration, sync_id: sync.id },
    });
  }
  const counts = Object.entries(sync.counts).map(([what, count]) => `${what} ${count}`);
  return {
    ok: sync.status === 'succeeded',
    result: { sync },
    text: [`${sync.status}: ${counts.join(', ')}`, ...sync.errors.map(({ message }) => `  ${message}`)].join('\n'),
  };
}

/** Waits for the end of an action that asked to be called again. */
async function followed(call: Call, client: Client, id: string): Promise<Outcome> {
  call.tell(`It goes on later, as ${id}`);
  for (;;) {
    const one = await client.call('GET /invocations/{id}', { params: { id } });
    if (one.status === 'queued' || one.status === 'running') {
      await wait(pollMs);
      continue;
    }
    const end = one.error
      ? `${one.error.name ?? one.error.type}: ${one.error.message}`
      : JSON.stringify(one.output, null, 2);
    return {
      ok: one.status === 'succeeded',
      result: { invocation_id: id, status: one.status, output: one.output ?? null, error: one.error ?? null },
      text: `${end}\n${id}`,
    };
  }
}
