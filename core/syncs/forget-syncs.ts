import type { IntegrationDoc } from '../integrations/model.ts';
import { unschedule } from '../jobs/schedule.ts';
import { Record as Records, StreamState, Sync } from './model.ts';

/** Forgets an integration's schedule, syncs, positions and (unless they are kept) records; in the caller's transaction. */
export async function forgetSyncs(
  integration: Pick<IntegrationDoc, '_id' | 'workspace_id'>,
  options: { keep_records: boolean },
): Promise<void> {
  const integration_id = integration._id;
  await unschedule(`sync:${integration_id}`);
  await Sync.deleteMany({ workspace_id: integration.workspace_id, integration_id });
  await StreamState.deleteMany({ integration_id });
  if (!options.keep_records) await Records.deleteMany({ workspace_id: integration.workspace_id, integration_id });
}
