import { quote } from '../../sdk/contract/quote.ts';
import { newId } from '../database/id.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvents } from '../events/emit-event.ts';
import { Installation } from '../installations/model.ts';
import { Integration, type IntegrationDoc, IntegrationLog } from '../integrations/model.ts';
import { invoke } from '../invocations/invoke.ts';
import { defineJob } from '../jobs/define-job.ts';
import { startSync } from '../syncs/start-sync.ts';
import { storeBatch } from '../syncs/store-batch.ts';
import { parseBody } from './incoming.ts';
import { Hook, HookRequest, type HookRequestDoc } from './model.ts';

interface Received {
  events?: { type: string; data: unknown; id?: string; occurred_at?: string }[];
  upserts?: Record<string, unknown[]>;
  deletes?: Record<string, (string | string[])[]>;
  pull?: { stream: string; parent?: string; keys?: string[] }[];
}

/** Says how a stored request of a vendor is worked off; composed in `core/work.ts`. */
export function defineHookJobs(): void {
  defineJob<{ request_id: string }>('hook.run', {
    concurrency: 20,
    group_concurrency: 5,
    max_attempts: 6,
    timeout_ms: 120_000,
    async handle(job, { commit, signal }) {
      const request = await HookRequest.findOne({ _id: job.data.request_id, workspace_id: job.workspace_id }).lean();
      if (request?.state !== 'received') return;
      const integration = await Integration.findOne({
        _id: request.integration_id,
        workspace_id: job.workspace_id,
      }).lean();
      const installation = await Installation.findOne({
        _id: request.installation_id,
        workspace_id: job.workspace_id,
      }).lean();
      // Disconnected or uninstalled since: nobody wants it any more.
      if (!integration || !installation || integration.status === 'inactive') return;
      const { output } = await invoke({
        workspace_id: job.workspace_id,
        installation,
        handler: `triggers.${request.trigger}.receive`,
        args: [shown(request, installation.manifest.triggers?.[request.trigger]?.payload)],
        project_id: integration.project_id,
        integration,
        cause: { kind: 'hook', id: request._id, label: request.trigger },
        use: 'job',
        signal,
      });
      const received = (output ?? {}) as Received;
      mayTell(installation, request.trigger, received);
      await commit(
        async () => {
          await settle(request, integration, installation, received);
          await HookRequest.updateOne({ _id: request._id }, { $set: { state: 'done' } });
        },
        { finish: true },
      );
      for (const { stream } of received.pull ?? [])
        await startSync(integration, {
          sync_type: 'incremental',
          streams: [stream],
          force: false,
          cause: { kind: 'hook', id: request._id },
        }).catch(ignoreRunning);
    },
    async died(job, error) {
      const request = await HookRequest.findOneAndUpdate(
        { _id: job.data.request_id, workspace_id: job.workspace_id },
        { $set: { state: 'failed', error: error.message.slice(0, 1_000) } },
      ).lean();
      if (!request) return;
      await IntegrationLog.create({
        _id: newId('ilg'),
        workspace_id: request.workspace_id,
        integration_id: request.integration_id,
        action: 'error',
        level: 'error',
        message: `The webhook ${request.trigger} could not be worked off: ${error.message}`.slice(0, 2_000),
        details: { request_id: request._id },
      });
    },
  });
}

/** The request as the plugin gets it. */
function shown(request: HookRequestDoc, payload: string | undefined) {
  const headers = JSON.parse(request.headers_text) as Record<string, string>;
  const bytes = bufferOf(request.body);
  const query = Object.fromEntries(new URL(request.raw_url, 'http://hook').searchParams);
  const carried = request.payload_text === null ? undefined : (JSON.parse(request.payload_text) as unknown);
  const text = bytes.toString();
  return {
    method: request.method,
    headers,
    query,
    body: carried ?? parseBody({ headers, bytes }, payload) ?? text,
    text,
  };
}

/** A lean read gives the driver's Binary where a document would give a Buffer. */
function bufferOf(body: Buffer | { buffer: Uint8Array }): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer);
}

/**
 * What a trigger told must be what its manifest says that it tells: its own events or granted ones, its own streams.
 * Facts of the host (`plugin.installed`) and of other plugins are theirs to tell.
 */
function mayTell(installation: Installation, name: string, received: Received): void {
  const { events = {}, streams = {}, triggers = {} } = installation.manifest;
  const { emits, writes } = triggers[name] ?? {};
  const granted = installation.grants.flatMap((grant) => (grant.name === 'events:emit' ? (grant.types ?? []) : []));
  for (const { type } of received.events ?? []) {
    const declared = emits === undefined || emits.includes(type);
    if (!declared || !(Object.hasOwn(events, type) || granted.includes(type)))
      throw new Error(`the trigger may not emit ${quote(type)}: it is not declared in its manifest’s emits and events`);
  }
  for (const stream of new Set([...Object.keys(received.upserts ?? {}), ...Object.keys(received.deletes ?? {})])) {
    const declared = writes === undefined || writes.includes(stream);
    if (!declared || !Object.hasOwn(streams, stream))
      throw new Error(`the trigger may not write to the stream ${quote(stream)}: its manifest does not declare it`);
  }
}

async function settle(
  request: HookRequestDoc,
  integration: IntegrationDoc,
  installation: Installation,
  received: Received,
): Promise<void> {
  const trigger = installation.manifest.triggers?.[request.trigger];
  const hook = request.hook_id ? await Hook.findOne({ _id: request.hook_id }, { parent: 1 }).lean() : null;
  await transaction(async () => {
    await emitEvents(
      (received.events ?? []).map(({ type, data, id, occurred_at }, index) => ({
        workspace_id: request.workspace_id,
        project_id: request.project_id,
        type,
        data,
        // The request's own id keeps a second run of this job from making its events twice.
        id: `${request._id}:${id ?? index}`,
        ...(occurred_at === undefined ? {} : { occurred_at: new Date(occurred_at) }),
        source: { kind: 'hook' as const, id: request._id },
        integration_id: integration._id,
      })),
    );
    const names = new Set([...Object.keys(received.upserts ?? {}), ...Object.keys(received.deletes ?? {})]);
    for (const stream of names) {
      const declared = installation.manifest.streams?.[stream]?.parent?.stream;
      await storeBatch(integration, stream, {
        batch: { upserts: received.upserts?.[stream] ?? [], deletes: received.deletes?.[stream] ?? [] },
        // A hook that belongs to one record (a repository's) writes below that record.
        parent: declared !== undefined && declared === trigger?.subscription?.per ? (hook?.parent ?? null) : null,
      });
    }
  });
}

function ignoreRunning(error: unknown): void {
  // A sync that runs already reads the same changes.
  if ((error as { name?: string }).name !== 'sync_cannot_start') throw error;
}
