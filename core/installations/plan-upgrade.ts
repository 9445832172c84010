import type { Finding } from '../../marketplace/models/release.ts';
import { Release, releaseId } from '../../marketplace/models/release.ts';
import type { Health } from '../../marketplace/risk.ts';
import type { Grant } from '../../sandbox/types.ts';
import { trusted } from '../database/mongoose.ts';
import type { ChosenRelease } from '../invocations/choose-release.ts';
import { healthOf } from '../invocations/measured-health.ts';
import { type Cause, Invocation } from '../invocations/model.ts';
import { settingFields } from '../invocations/settings.ts';
import { type CarriedGrants, carryGrants } from './carry-grants.ts';
import type { Given } from './grants.ts';
import { type MigratedLevel, migrateConfigurations, migrationFor } from './migrate-configurations.ts';
import type { Installation } from './model.ts';
import type { Candidate } from './sideload.ts';

/** What an upgrade would do, found out without doing it. */
export interface UpgradePlan {
  release: ChosenRelease;
  carried: CarriedGrants;
  levels: MigratedLevel[];
  /** code size in bytes, today and then */
  code_size: { from: number; to: number };
  settings_added: string[];
  settings_removed: string[];
  migration: string | null;
  findings: Finding[];
  /** how the release behaves in the other workspaces of this host */
  health: Health | null;
  published_at: Date | null;
}

const windowMs = 7 * 86_400_000;

/** Plans taking an installation to another release: consent, settings (migrated dry), size, findings, health elsewhere. */
export async function planUpgrade(
  installation: Installation,
  candidate: Candidate,
  given: readonly Given[],
  cause: Cause,
): Promise<UpgradePlan> {
  const { manifest } = candidate;
  const carried = carryGrants(installation, manifest, given);
  const release: ChosenRelease = {
    version: manifest.version,
    integrity: candidate.integrity,
    digest: candidate.digest,
    manifest_text: candidate.manifest_text,
    grants: carried.grants,
    handlers: candidate.handlers,
    manifest,
    is_canary: false,
  };
  const ids = [installation.version, manifest.version].map((version) => releaseId(installation.name, version));
  const [levels, stored, health] = await Promise.all([
    migrateConfigurations(installation, release, cause),
    Release.find({ _id: trusted({ $in: ids }) }, { version: 1, script_size: 1, findings: 1, published_at: 1 }).lean(),
    healthElsewhere(installation, manifest.version),
  ]);
  const of = (version: string) => stored.find((one) => one.version === version);
  const [before, after] = [Object.keys(settingFields(installation.manifest)), Object.keys(settingFields(manifest))];
  return {
    release,
    carried,
    levels,
    code_size: { from: of(installation.version)?.script_size ?? 0, to: of(manifest.version)?.script_size ?? 0 },
    settings_added: after.filter((name) => !before.includes(name)),
    settings_removed: before.filter((name) => !after.includes(name)),
    migration: migrationFor(release, installation.version),
    findings: of(manifest.version)?.findings ?? [],
    health,
    published_at: of(manifest.version)?.published_at ?? null,
  };
}

async function healthElsewhere(installation: Installation, version: string): Promise<Health | null> {
  const calls = await Invocation.find(
    {
      plugin: installation.name,
      version,
      workspace_id: trusted({ $ne: installation.workspace_id }),
      started_at: trusted({ $gte: new Date(Date.now() - windowMs) }),
    },
    { status: 1, duration_ms: 1 },
  )
    .limit(5_000)
    .lean();
  return calls.length === 0 ? null : healthOf(calls);
}

/** A plan as an answer shows it. */
export function presentPlan(installation: Installation, plan: UpgradePlan) {
  return {
    from_version: installation.version,
    to_version: plan.release.version,
    published_at: plan.published_at?.toISOString() ?? null,
    code_size: plan.code_size,
    permissions_added: plan.carried.added.map((one): { name: string } => ({ ...one })),
    permissions_removed: plan.carried.removed.map((grant: Grant) => ({ ...grant })),
    configuration: {
      settings_added: plan.settings_added,
      settings_removed: plan.settings_removed,
      migration: plan.migration,
      levels: plan.levels.map(({ configuration, is_changed, errors }) => ({
        project_id: configuration.project_id,
        is_changed,
        errors,
      })),
    },
    findings: plan.findings.map(({ rule, severity, file, line, message, fix }) => ({
      ...{ rule, severity, file, message, fix },
      ...(line !== undefined && { line }),
    })),
    health: plan.health,
    can_apply: plan.carried.added.length === 0 && plan.levels.every(({ errors }) => errors.length === 0),
  };
}
