import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import type { Caller } from '../http/caller.ts';
import { Integration, type IntegrationDoc } from '../integrations/model.ts';
import { StreamState, Sync, type SyncDoc } from './model.ts';

/**
 * The integration whose records and syncs a caller asks for.
 *
 * @throws Failure `integration_not_found`
 */
export async function integrationFor(
  caller: Pick<Caller, 'workspace_id' | 'project_id'>,
  id: string,
): Promise<IntegrationDoc> {
  const found = await Integration.findOne({ _id: id, workspace_id: caller.workspace_id }).lean();
  if (found && (caller.project_id === null || caller.project_id === found.project_id)) return found;
  throw new Failure('integration_not_found', { message: `There is no integration ${quote(id)}` });
}

/** @throws Failure `integration_not_found`, `not_found` */
export async function findSyncOf(
  caller: Pick<Caller, 'workspace_id' | 'project_id'>,
  integration_id: string,
  sync_id: string,
): Promise<SyncDoc> {
  const integration = await integrationFor(caller, integration_id);
  const sync = await Sync.findOne({
    _id: sync_id,
    workspace_id: caller.workspace_id,
    integration_id: integration._id,
  }).lean();
  if (sync) return sync;
  throw new Failure('not_found', { message: `This integration has no sync ${quote(sync_id)}` });
}

/** Where each stream stands: `issues` → its cursor; of a stream with parents, one for each. */
export async function cursorsOf(integration_id: string): Promise<Record<string, unknown>> {
  const states = await StreamState.find({ integration_id }).limit(200).lean();
  const shown: Record<string, unknown> = {};
  for (const { stream, parent, cursor_text } of states)
    shown[parent === null ? stream : `${stream} ${parent}`] =
      cursor_text === null ? null : (JSON.parse(cursor_text) as unknown);
  return shown;
}
