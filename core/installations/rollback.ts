import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { checkValues } from '../configurations/check-values.ts';
import { conform, opened, type Said } from '../configurations/level.ts';
import { Configuration, ConfigurationRevision } from '../configurations/model.ts';
import { writeMigrated } from '../configurations/write-migrated.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import { declareEvents } from './declare-events.ts';
import { Installation, type PreviousRelease, parseManifest } from './model.ts';
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
    await restoreSettings(after, configurations, by);
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

/** Every level as it was before the upgrade; one that was made since keeps what the old release takes of it. */
async function restoreSettings(
  { _id, workspace_id, manifest }: Installation,
  earlier: PreviousRelease['configurations'],
  by: Upgrader,
): Promise<void> {
  for (const now of await Configuration.find({ workspace_id, installation_id: _id }).lean()) {
    const revision = earlier.find(({ configuration_id }) => configuration_id === now._id)?.revision;
    if (revision === now.revision) continue;
    const then = revision === undefined ? null : await ConfigurationRevision.findById(`${now._id}:${revision}`).lean();
    const said = then ?? takenBy(manifest, now);
    if (said) await writeMigrated(now, said, by, 'rolled back');
  }
}

/** Null: it can stay as it is. */
function takenBy(manifest: Installation['manifest'], level: Configuration): Said | null {
  try {
    const said = conform(level, manifest);
    checkValues(manifest, opened({ ...level, ...said }), true);
    return said.values_text === level.values_text && said.secrets.length === level.secrets.length ? null : said;
  } catch {
    // Going back must not fail for what was said to the newer release; the revision keeps it.
    return { values_text: '{}', secrets: [] };
  }
}
