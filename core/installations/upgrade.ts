import { refused } from '../../marketplace/releases/intake.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { Configuration } from '../configurations/model.ts';
import { writeMigrated } from '../configurations/write-migrated.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import { invoke } from '../invocations/invoke.ts';
import type { Cause } from '../invocations/model.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { marketplace } from '../registry/marketplace.ts';
import { findCandidate } from './candidate.ts';
import { declareEvents } from './declare-events.ts';
import type { Given } from './grants.ts';
import { Installation, type PreviousRelease } from './model.ts';
import { planUpgrade, type UpgradePlan } from './plan-upgrade.ts';
import type { Candidate } from './sideload.ts';

/** Who upgrades: a caller of the API, or the host by policy. */
export interface Upgrader {
  kind: 'user' | 'key' | 'system';
  id: string;
  label: string;
}

export interface UpgradeRequest {
  /** exact, or a range; the newest without it */
  version?: string;
  permissions?: Given[];
  /** of a sideloaded plugin: what takes its place */
  manifest?: unknown;
  bundle?: string;
  /** automatic upgrades: only releases published before */
  published_before?: Date;
  /** serve this share of the projects for so long first */
  canary?: { percent: number; minutes: number };
}

/**
 * Plans an upgrade of an installed plugin.
 *
 * @throws Failure `conflict` when it is that version already, or came another way than what is to replace it; what
 *   `findCandidate` throws
 */
export async function prepareUpgrade(
  by: Upgrader,
  installation: Installation,
  request: UpgradeRequest,
): Promise<{ candidate: Candidate; plan: UpgradePlan }> {
  const { workspace_id, name, version } = installation;
  mustComeTheSameWay(installation, request);
  const candidate = await findCandidate(workspace_id, {
    name,
    ...(request.bundle !== undefined && { manifest: request.manifest, bundle: request.bundle }),
    ...(request.version !== undefined && { version: request.version }),
    ...(request.published_before && { published_before: request.published_before }),
  });
  if (candidate.manifest.name !== name) {
    throw new Failure('conflict', {
      message: `This is ${candidate.manifest.name}; it cannot take the place of ${name}`,
    });
  }
  if (candidate.digest === installation.digest && candidate.integrity === installation.integrity) {
    throw new Failure('conflict', { message: `${name} is ${version} already, the newest that could be taken` });
  }
  const plan = await planUpgrade(installation, candidate, request.permissions ?? [], causeOf(by));
  return { candidate, plan };
}

/** A sideloaded plugin is replaced by a bundle, one of the marketplace by a release: nobody's review is skipped unseen. */
function mustComeTheSameWay({ name, source }: Installation, { bundle, manifest, canary }: UpgradeRequest): void {
  if (source === 'sideload' && bundle === undefined) {
    const message = `${name} was sideloaded: send the new manifest and bundle, or uninstall it and install a release`;
    throw new Failure('conflict', { message });
  }
  if (source === 'marketplace' && (bundle !== undefined || manifest !== undefined)) {
    const message = `${name} came from the marketplace: name a version, or uninstall it and sideload yours`;
    throw new Failure('conflict', { message });
  }
  if (bundle !== undefined && canary) {
    throw new Failure('conflict', { message: 'What is sideloaded serves everybody at once; leave out canary' });
  }
}

/**
 * Takes an installed plugin to another release, or puts the release on trial. The old one keeps serving until
 * everything is in place; calls in flight finish on the release that they began with.
 *
 * @throws Failure `install_refused` with `content.permissions_added` when more is wanted than is granted, or
 *   `configuration_invalid` when settings cannot be brought to the new schema
 */
export async function upgradePlugin(
  by: Upgrader,
  installation: Installation,
  request: UpgradeRequest,
): Promise<Installation> {
  const { candidate, plan } = await prepareUpgrade(by, installation, request);
  mustBePossible(installation, plan);
  if (request.canary) return startCanary(by, installation, plan, request.canary);
  return applyUpgrade(by, installation, plan, candidate);
}

function mustBePossible(installation: Installation, { carried, levels, release }: UpgradePlan): void {
  if (carried.added.length > 0) {
    throw refused(
      'permissions_added',
      `${installation.name}@${release.version} wants more than is granted: ${carried.added.map(({ name }) => name).join(', ')}; grant it in permissions`,
      { permissions_added: carried.added.map((one) => ({ ...one })) },
    );
  }
  const errors = levels.flatMap((level) => level.errors);
  if (errors.length > 0) {
    throw new Failure('configuration_invalid', {
      message: `The settings here do not fit ${installation.name}@${release.version}: ${errors[0]?.pointer} ${errors[0]?.message}`,
      content: { errors: errors.map((error) => ({ ...error, keyword: 'migration', params: {} })) },
    });
  }
}

/** Puts a planned release in the place of the present one. */
export async function applyUpgrade(
  by: Upgrader,
  installation: Installation,
  plan: UpgradePlan,
  candidate: Pick<Candidate, 'is_verified' | 'verification_date'>,
): Promise<Installation> {
  const { manifest, is_canary: _, ...release } = plan.release;
  await runUpgradeHandler(by, installation, plan);
  const after: Installation = {
    ...installation,
    ...release,
    manifest,
    is_verified: candidate.is_verified,
    verification_date: candidate.verification_date,
    integration_type: manifest.integration?.type ?? null,
    previous: previousOf(installation, plan),
    canary: null,
  };
  const { workspace_id, _id, name } = installation;
  await transaction(async () => {
    const { manifest: __, updated_at: ___, ...stored } = after;
    const changed = await Installation.updateOne({ _id, workspace_id, digest: installation.digest }, { $set: stored });
    if (changed.matchedCount === 0)
      throw new Failure('conflict', { message: `${name} was changed meanwhile; try again` });
    await mustBeAsPlanned(installation, plan);
    for (const level of plan.levels) {
      if (!level.is_changed) continue;
      await writeMigrated(level.configuration, level, by, `migrated ${installation.version} to ${release.version}`);
    }
    await declareEvents(after);
    if (after.source === 'marketplace') await marketplace().countDownload(name, release.version, workspace_id);
    await emitEvent({
      workspace_id,
      type: 'plugin.upgraded',
      data: { plugin_id: _id, name, version: release.version, from_version: installation.version },
      source: { kind: by.kind, id: by.id },
    });
    await audit({
      workspace_id,
      actor: by,
      action: 'plugin.upgraded',
      target: { kind: 'plugin', id: _id, name },
      before: { version: installation.version, permissions: installation.grants },
      after: { version: release.version, permissions: release.grants },
    });
    await announce(workspace_id);
  });
  return after;
}

/** The settings must still be those that the plan took to the new release. @throws Failure `conflict` */
async function mustBeAsPlanned({ _id, workspace_id, name }: Installation, { levels }: UpgradePlan): Promise<void> {
  const now = await Configuration.find({ workspace_id, installation_id: _id }, { revision: 1 }).lean();
  const planned = new Map(levels.map(({ configuration }) => [configuration._id, configuration.revision]));
  if (now.length === planned.size && now.every((level) => planned.get(level._id) === level.revision)) return;
  throw new Failure('conflict', { message: `The settings of ${name} were changed meanwhile; try again` });
}

/** What a rollback needs: the release, and the revision that each level of the settings has before it is migrated. */
function previousOf(installation: Installation, { levels }: UpgradePlan): PreviousRelease {
  const { version, integrity, digest, manifest_text, grants, handlers } = installation;
  return {
    ...{ version, integrity, digest, manifest_text, grants, handlers },
    configurations: levels.map(({ configuration }) => ({
      configuration_id: configuration._id,
      revision: configuration.revision,
    })),
    replaced_at: new Date(),
  };
}

/** The plugin's own `upgrade`, on the new release, before anything is switched: what it throws stops the upgrade. */
async function runUpgradeHandler(by: Upgrader, installation: Installation, { release }: UpgradePlan): Promise<void> {
  if (!release.handlers.includes('upgrade')) return;
  await invoke({
    workspace_id: installation.workspace_id,
    installation,
    release,
    handler: 'upgrade',
    args: [installation.version],
    cause: causeOf(by),
    use: 'job',
    even_when_off: true,
  });
}

async function startCanary(
  by: Upgrader,
  installation: Installation,
  { release, levels }: UpgradePlan,
  { percent, minutes }: { percent: number; minutes: number },
): Promise<Installation> {
  const { workspace_id, _id, name } = installation;
  if (installation.canary) {
    throw new Failure('conflict', {
      message: `${installation.canary.version} is on trial already; DELETE the canary first`,
    });
  }
  const migrated = levels.filter(({ is_changed }) => is_changed).length;
  if (migrated > 0) {
    throw new Failure('conflict', {
      message: `${name}@${release.version} needs its settings migrated, and both releases cannot share them; upgrade without a canary`,
    });
  }
  const started_at = new Date();
  const { manifest: _, is_canary: __, ...stored } = release;
  const canary = {
    ...stored,
    percent,
    started_at,
    ends_at: new Date(started_at.getTime() + minutes * 60_000),
    started_by: by.label,
  };
  await transaction(async () => {
    await Installation.updateOne({ _id, workspace_id }, { $set: { canary } });
    await enqueue({
      kind: 'plugin.canary',
      workspace_id,
      group: _id,
      data: { installation_id: _id },
      delay_ms: 5_000,
    });
    await audit({
      workspace_id,
      actor: by,
      action: 'plugin.canary_started',
      target: { kind: 'plugin', id: _id, name },
      after: { version: release.version, percent, minutes },
    });
    await announce(workspace_id);
  });
  return { ...installation, canary };
}

function causeOf({ kind, id, label }: Upgrader): Cause {
  return { kind, id, label };
}
