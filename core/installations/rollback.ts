import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { Configuration, ConfigurationRevision } from '../configurations/model.ts';
import { writeMigrated } from '../configurations/write-migrated.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import { declareEvents } from './declare-events.ts';
import { Installation, parseManifest } from './model.ts';
import type { Upgrader } from './upgrade.ts';

/**
 * Goes back to the release before the last upgrade, with its grants and the settings that it had. One transaction, no
 * call into any plugin.
 *
 * @throws Failure `conflict` when there is nothing to go back to
 */
export async function rollbackPlugin(by: Upgrader, installation: Installation, reason?: string): Promise<Installation> {
  const { previous, workspace_id, _id, name } = installation;
  if (!previous) throw new Failure('conflict', { message: `${name} has no previous release to go back to` });
  const { configurations, replaced_at: _, ...release } = previous;
  const after: Installation = {
    ...installation,
    ...release,
    manifest: parseManifest(release),
    previous: null,
    canary: null,
  };
  await transaction(async () => {
    const { manifest: __, updated_at: ___, ...stored } = after;
    const changed = await Installation.updateOne({ _id, workspace_id, digest: installation.digest }, { $set: stored });
    if (changed.matchedCount === 0)
      throw new Failure('conflict', { message: `${name} was changed meanwhile; try again` });
    for (const { configuration_id, revision } of configurations) await restore(configuration_id, revision, by);
    await declareEvents(after);
    await emitEvent({
      workspace_id,
      type: 'plugin.rolled_back',
      data: {
        ...{ plugin_id: _id, name, version: release.version, from_version: installation.version },
        ...(reason !== undefined && { reason }),
      },
      source: { kind: by.kind, id: by.id },
    });
    await audit({
      workspace_id,
      actor: by,
      action: 'plugin.rolled_back',
      target: { kind: 'plugin', id: _id, name },
      before: { version: installation.version },
      after: { version: release.version, ...(reason !== undefined && { reason }) },
    });
    await announce(workspace_id);
  });
  return after;
}

async function restore(configuration_id: string, revision: number, by: Upgrader): Promise<void> {
  const [now, then] = await Promise.all([
    Configuration.findById(configuration_id).lean(),
    ConfigurationRevision.findById(`${configuration_id}:${revision}`).lean(),
  ]);
  if (!now || !then || now.revision === revision) return;
  await writeMigrated({ configuration: now, values_text: then.values_text, secrets: then.secrets }, by, 'rolled back');
}
