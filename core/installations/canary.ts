import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { trusted } from '../database/mongoose.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import { healthOf } from '../invocations/measured-health.ts';
import { Invocation } from '../invocations/model.ts';
import { Installation } from './model.ts';
import { applyUpgrade, prepareUpgrade, type Upgrader } from './upgrade.ts';

/** When a trial is ended: so many calls at least, and so much worse than the release that it would replace. */
export const canaryMargins = { calls: 10, failed_share: 0.1, p95_factor: 2, p95_ms: 250 } as const;

const host: Upgrader = { kind: 'system', id: 'canary', label: 'canary' };

export interface CanaryState {
  version: string;
  percent: number;
  started_at: Date;
  ends_at: Date;
  trial: ReturnType<typeof healthOf>;
  stable: ReturnType<typeof healthOf>;
  /** why it should be ended, null while it is no worse */
  worse: string | null;
}

/** How a trial goes: both releases measured over the same time. Null when none runs. */
export async function canaryState(installation: Installation): Promise<CanaryState | null> {
  const { canary, workspace_id, _id } = installation;
  if (!canary) return null;
  const calls = await Invocation.find(
    { workspace_id, installation_id: _id, started_at: trusted({ $gte: canary.started_at }) },
    { status: 1, duration_ms: 1, is_canary: 1 },
  )
    .limit(20_000)
    .lean();
  const trial = healthOf(calls.filter(({ is_canary }) => is_canary));
  const stable = healthOf(calls.filter(({ is_canary }) => !is_canary));
  const { version, percent, started_at, ends_at } = canary;
  return { version, percent, started_at, ends_at, trial, stable, worse: whyWorse(trial, stable) };
}

function whyWorse(trial: CanaryState['trial'], stable: CanaryState['stable']): string | null {
  const margins = canaryMargins;
  if (trial.calls < margins.calls) return null;
  const [failed, usual] = [1 - trial.crash_free, 1 - stable.crash_free];
  if (failed > usual + margins.failed_share) {
    return `${percent(failed)} of its ${trial.calls} calls failed; of the stable release ${percent(usual)}`;
  }
  const slow = stable.p95_ms * margins.p95_factor + margins.p95_ms;
  if (stable.calls >= margins.calls && trial.p95_ms > slow) {
    return `p95 is ${trial.p95_ms} ms; of the stable release ${stable.p95_ms} ms`;
  }
  return null;
}

/**
 * Looks at a trial: ends it when it is worse, puts the release in place when its time is over.
 *
 * @returns whether it still runs
 */
export async function judgeCanary(installation_id: string): Promise<boolean> {
  const installation = await Installation.findById(installation_id).lean();
  const state = installation && (await canaryState(installation));
  if (!installation || !state) return false;
  if (state.worse !== null) {
    await endCanary(host, installation, state.worse);
    return false;
  }
  if (state.ends_at.getTime() > Date.now()) return true;
  try {
    const { canary } = installation;
    const granted = canary?.grants.map((grant) => ({ ...grant })) ?? [];
    const request = { version: state.version, permissions: [...granted, 'credentials'] };
    const { candidate, plan } = await prepareUpgrade(host, installation, request);
    await applyUpgrade(host, installation, plan, candidate);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await endCanary(host, installation, `it could not be put in place: ${error.message}`);
  }
  return false;
}

/**
 * Ends a trial; the stable release serves everybody again.
 *
 * @throws Failure `not_found` when none runs
 */
export async function endCanary(by: Upgrader, installation: Installation, reason: string): Promise<Installation> {
  const { canary, workspace_id, _id, name, version } = installation;
  if (!canary) throw new Failure('not_found', { message: `No release of ${name} is on trial` });
  await transaction(async () => {
    await Installation.updateOne({ _id, workspace_id }, { $set: { canary: null } });
    await emitEvent({
      workspace_id,
      type: 'plugin.rolled_back',
      data: { plugin_id: _id, name, version, from_version: canary.version, reason },
      source: { kind: by.kind, id: by.id },
    });
    await audit({
      workspace_id,
      actor: by,
      action: 'plugin.canary_ended',
      target: { kind: 'plugin', id: _id, name },
      before: { version: canary.version, percent: canary.percent },
      after: { version, reason },
    });
    await announce(workspace_id);
  });
  return { ...installation, canary: null };
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
