import { Failure } from '../../sdk/contract/failure.ts';
import type { Stream } from '../../sdk/contract/manifest/streams.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import type { ProblemName } from '../../sdk/contract/problems.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { newId } from '../database/id.ts';
import { transaction } from '../database/transaction.ts';
import { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { accountGroup } from './account-group.ts';
import { Sync, type SyncDoc, type SyncType } from './model.ts';

export interface StartSync {
  sync_type: SyncType;
  streams?: readonly string[] | undefined;
  /** cancels one that is running, and sweeps even when more than half would go */
  force: boolean;
  cause: { kind: string; id: string };
}

/**
 * Starts a sync of an integration: one at a time.
 *
 * @throws Failure `sync_cannot_start` (409) while another runs and `force` is not given, or when the integration is not
 *   active; `validation_failed` for an unknown stream
 */
export async function startSync(integration: IntegrationDoc, start: StartSync): Promise<SyncDoc> {
  const installation = await Installation.findOne({
    _id: integration.installation_id,
    workspace_id: integration.workspace_id,
  }).lean();
  if (!installation) throw cannot('Its plugin is no longer installed');
  if (integration.status === 'inactive')
    throw cannot('The integration is switched off: PUT /integrations/{id}/status {"status": "active"}', 'switched-off');
  if (integration.status === 'pending_setup')
    throw cannot(
      integration.sync_error_message ?? 'The integration is not connected yet',
      integration.choices ? 'choose-account' : 'not-connected',
    );
  const asked = start.streams ?? integration.sync_settings.streams;
  const streams = orderStreams(installation.manifest, asked);
  if (asked?.length === 0) throw cannot('No stream is chosen: name some in streams, or in the sync_settings');
  if (streams.length === 0) throw cannot(`${installation.name} has no streams to pull`);
  const _id = newId('syn');
  try {
    return await transaction(async () => {
      const running = await Sync.findOne({ running_key: integration._id }).lean();
      if (running && !start.force) throw alreadyRunning(running._id);
      if (running)
        await Sync.updateOne(
          { _id: running._id },
          { $set: { status: 'cancelled', running_key: null, cancel_requested: true, finished_at: new Date() } },
        );
      const [row] = await Sync.create([
        {
          _id,
          workspace_id: integration.workspace_id,
          project_id: integration.project_id,
          integration_id: integration._id,
          installation_id: installation._id,
          sync_type: start.sync_type,
          force: start.force,
          status: 'queued',
          running_key: integration._id,
          streams,
          counts: { read: 0, created: 0, updated: 0, deleted: 0, failed: 0 },
          cause: start.cause,
        },
      ]);
      await enqueue({
        id: `sync.step:${_id}`,
        kind: 'sync.step',
        workspace_id: integration.workspace_id,
        group: accountGroup(integration),
        data: { sync_id: _id },
      });
      return (row as { toObject(): SyncDoc }).toObject();
    });
  } catch (error) {
    // Two that start at the same moment: the unique index lets one through.
    if (error instanceof Error && 'code' in error && error.code === 11000) throw alreadyRunning(null);
    throw error;
  }
}

/**
 * The streams to pull, each after the one that it has its parents from; a stream that is asked for brings its parents.
 *
 * @throws Failure `validation_failed` for an unknown stream
 */
export function orderStreams(manifest: Manifest, asked: readonly string[] | undefined): string[] {
  const all = manifest.streams ?? {};
  const isPulled = (stream: Stream | undefined) => stream !== undefined && (stream.source ?? 'pull') === 'pull';
  const ordered: string[] = [];
  const add = (name: string) => {
    if (ordered.includes(name)) return;
    const parent = all[name]?.parent?.stream;
    if (parent !== undefined && parent !== name && Object.hasOwn(all, parent)) add(parent);
    if (isPulled(all[name])) ordered.push(name);
  };
  for (const [index, name] of (asked ?? Object.keys(all)).entries()) {
    if (!Object.hasOwn(all, name))
      throw new Failure('validation_failed', {
        content: {
          errors: [
            {
              pointer: `/streams/${index}`,
              message: `${quote(name)} is not a stream of this plugin; it has ${Object.keys(all).join(', ') || 'none'}`,
              keyword: 'enum',
              params: {},
            },
          ],
        },
      });
    add(name);
  }
  return ordered;
}

function cannot(why: string, help?: ProblemName): Failure {
  return new Failure('sync_cannot_start', { message: why, ...(help ? { help } : {}) });
}

function alreadyRunning(sync_id: string | null): Failure {
  return new Failure('sync_cannot_start', {
    help: 'sync-running',
    message: 'Another sync of this integration is running; wait for it, cancel it, or ask with force',
    content: sync_id === null ? {} : { sync_id },
  });
}
