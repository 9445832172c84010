import { setTimeout as wait } from 'node:timers/promises';
import { path } from '../client/index.ts';
import { type Call, type Outcome, textOption, UsageError } from './command.ts';
import { signedInClient } from './host.ts';
import { mustBeInstalled } from './installed.ts';

interface Ran {
  output: unknown;
  invocation_id: string;
  duration_ms: number;
}
interface Sync {
  id: string;
  status: string;
  counts: Record<string, number>;
  errors: { message: string }[];
}

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
    const to = integration
      ? path`/integrations/${integration}/actions/${name}`
      : path`/plugins/${(await mustBeInstalled(client, plugin)).id}/actions/${name}`;
    const ran = await client.request<Ran>('POST', to, { body: { input: input ?? {} } });
    return {
      result: { ...ran },
      text: `${JSON.stringify(ran.output, null, 2)}\n${Math.round(ran.duration_ms)} ms  ${ran.invocation_id}`,
    };
  }
  if (!integration) throw new UsageError('A stream is pulled for an account: --integration int_…');
  const body = { sync_type: 'incremental', streams: [name] };
  const begun = await client.request<{ sync?: Sync } & Sync>('POST', path`/integrations/${integration}/sync`, { body });
  let sync = begun.sync ?? begun;
  while (!over.includes(sync.status)) {
    await wait(pollMs);
    sync = await client.request<Sync>('GET', path`/integrations/${integration}/sync/${sync.id}`);
  }
  const counts = Object.entries(sync.counts).map(([what, count]) => `${what} ${count}`);
  return {
    ok: sync.status === 'succeeded',
    result: { sync },
    text: [`${sync.status}: ${counts.join(', ')}`, ...sync.errors.map(({ message }) => `  ${message}`)].join('\n'),
  };
}
