import { createSandbox } from '../../sandbox/index.ts';
import type { Sandbox, Strike } from '../../sandbox/types.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { config } from '../config.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { Installation } from '../installations/model.ts';
import { log } from '../log.ts';
import { followInstallations, sweepImages } from './follow-installations.ts';
import { perform } from './perform.ts';
import type { CallScope } from './scope.ts';

const sweepMs = 20_000;
let current: Sandbox<CallScope> | undefined;
let following: Promise<void> = Promise.resolve();

/** Starts the pool of sandbox processes of this host. */
export async function startSandbox(): Promise<Sandbox<CallScope>> {
  const started = await createSandbox<CallScope>({
    perform,
    processes: config().sandbox_processes,
    data: config().data,
    onStrike: (id, strike) => {
      strikeInstallation(id, strike).catch((error: unknown) =>
        log.error({ error, image: id }, 'a strike was not stored'),
      );
    },
    onHostCall: (scope, entry) => scope.recorder?.add(entry),
    onJournal: (scope, journal) => scope.recorder?.keep(journal),
    log: (level, message, fields) => log[level](fields, message),
  });
  current = started;
  setInterval(() => {
    if (started.status() === 'down') return;
    sweepImages(started).catch((error: unknown) => log.warn({ error }, 'unused isolates were not swept'));
  }, sweepMs).unref();
  return started;
}

/** Something of a workspace changed, or with null of any: the isolates of this process follow, one change after another. */
export function followNewsOfInstallations(workspace_id: string | null): void {
  following = following
    .then(() => (current ? followInstallations(current, workspace_id) : undefined))
    .catch((error: unknown) => log.warn({ error }, 'isolates were not brought to what their installations say'));
}

/** The running pool. @throws Failure `service_unavailable` before it is started */
export function sandbox(): Sandbox<CallScope> {
  if (current) return current;
  throw new Failure('service_unavailable', { message: 'The sandbox pool is not running', retry_after_s: 2 });
}

/** The installation that an image serves. */
export function installationOf(image_id: string): string {
  return image_id.split(':')[0] ?? image_id;
}

/** Five strikes in ten minutes: the plugin stops, with the reason where everybody sees it, until somebody resumes it. */
async function strikeInstallation(image_id: string, strike: Strike): Promise<void> {
  log.warn({ image: image_id, strike }, 'a plugin hit a limit');
  if (strike.action !== 'disabled') return;
  const reason = `stopped after ${strike.count} strikes; the last one in ${strike.handler}: ${strike.message}`;
  await transaction(async () => {
    const found = await Installation.findOneAndUpdate(
      { _id: installationOf(image_id), status: 'ok' },
      { $set: { status: 'suspect', status_reason: reason } },
    ).lean();
    if (!found) return;
    await audit({
      workspace_id: found.workspace_id,
      action: 'plugin.stopped',
      target: { kind: 'plugin', id: found._id, name: found.name },
      before: { status: 'ok' },
      after: { status: 'suspect', status_reason: reason },
    });
    await announce(found.workspace_id);
  });
}
