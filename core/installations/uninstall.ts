import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { dropConfiguration, keepConfiguration } from '../configurations/keep.ts';
import { trusted } from '../database/mongoose.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import type { Caller } from '../http/caller.ts';
import { Integration } from '../integrations/model.ts';
import { removeIntegration } from '../integrations/remove-integration.ts';
import { invoke } from '../invocations/invoke.ts';
import { unloadImages } from '../invocations/load-image.ts';
import { Recording, StoreEntry } from '../invocations/model.ts';
import { sandbox } from '../invocations/sandbox.ts';
import { Job } from '../jobs/model.ts';
import { log } from '../log.ts';
import { dropDeclared } from './declare-events.ts';
import { findInstallation } from './find-installation.ts';
import { Installation } from './model.ts';

export interface UninstallOptions {
  /** what stays: synced records, settings */
  keep: readonly ('records' | 'configuration')[];
  /** remove the integrations that use it, too */
  force: boolean;
}

/**
 * Removes a plugin: its integrations (with their vendor webhooks and credentials), settings, stored values, event types
 * and isolates. Runs its `uninstall` first; what that throws is logged and does not keep it here.
 *
 * @throws Failure `conflict` with `content.integrations` while integrations use it and `force` is not given
 */
export async function uninstallPlugin(caller: Caller, id: string, options: UninstallOptions): Promise<void> {
  const installation = await findInstallation(caller.workspace_id, id);
  const { workspace_id, name, version, _id: installation_id } = installation;
  const users = await Integration.find({ workspace_id, installation_id }).lean();
  if (users.length > 0 && !options.force) {
    throw new Failure('conflict', {
      message: `${users.length} integration${users.length === 1 ? ' uses' : 's use'} ${name}; remove them first, or ask with force=true`,
      content: { integrations: users.map(({ _id }) => _id) },
    });
  }
  for (const integration of users) {
    await removeIntegration(caller, integration._id, { keep_records: options.keep.includes('records') });
  }
  await runUninstall(caller, installation);
  await transaction(async () => {
    const removed = await Installation.deleteOne({ _id: installation_id, workspace_id });
    if (removed.deletedCount === 0) return;
    await dropDeclared(installation_id);
    await StoreEntry.deleteMany({ installation_id });
    await Recording.deleteMany({ installation_id });
    await Job.deleteMany({ workspace_id, group: installation_id, state: trusted({ $ne: 'running' }) });
    if (options.keep.includes('configuration')) await keepConfiguration(installation);
    else await dropConfiguration(installation_id);
    await emitEvent({
      workspace_id,
      type: 'plugin.uninstalled',
      data: { plugin_id: installation_id, name, version },
      source: { kind: caller.kind, id: caller.id },
    });
    await audit({
      workspace_id,
      caller,
      action: 'plugin.uninstalled',
      target: { kind: 'plugin', id: installation_id, name },
      before: { version, permissions: installation.grants },
      after: { kept: options.keep },
    });
    await announce(workspace_id);
  });
  unloadImages(sandbox(), installation_id);
}

async function runUninstall(caller: Caller, installation: Installation): Promise<void> {
  if (installation.status === 'tampered' || installation.status === 'blocked') return;
  if (!installation.handlers.includes('uninstall')) return;
  try {
    await invoke({
      workspace_id: caller.workspace_id,
      installation,
      handler: 'uninstall',
      args: [],
      cause: { kind: caller.kind, id: caller.id, label: caller.label },
      use: 'job',
      even_when_off: true,
    });
  } catch (error) {
    log.warn({ error, installation: installation._id }, 'a plugin failed in its uninstall handler');
  }
}
