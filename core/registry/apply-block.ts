import type { Actor } from '../../marketplace/parts.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { Installation } from '../installations/model.ts';
import { unloadImages } from '../invocations/load-image.ts';
import { sandbox } from '../invocations/sandbox.ts';
import { marketplace } from './marketplace.ts';

/**
 * Stops a package everywhere on this site: listing, every installation, and its isolates here at once; other nodes hear
 * it by news and end theirs with their next sweep.
 */
export async function applyBlock(actor: Actor, name: string, reason: string): Promise<void> {
  const stopped = await transaction(async () => {
    await marketplace().block(actor, name, reason);
    return setBlocked(name, reason);
  });
  for (const id of stopped) unloadImages(sandbox(), id);
  await marketplace().update();
}

/** Undoes a block: what was enabled before runs again. */
export async function liftBlock(actor: Actor, name: string): Promise<void> {
  await transaction(async () => {
    await marketplace().unblock(actor, name);
    await setBlocked(name, null);
  });
  await marketplace().update();
}

/**
 * Stops every installation of a package (with a reason), or lets those run again that a block stopped (null). Call it
 * in a transaction.
 *
 * @returns the installations that changed
 */
export async function setBlocked(name: string, reason: string | null): Promise<string[]> {
  const all = await Installation.find({ name }, { workspace_id: 1, is_enabled: 1, status: 1 }).lean();
  const isBlock = reason !== null;
  // A block overrides every other reason to stop; lifting it brings back only what the block itself stopped.
  const concerned = all.filter(({ status }) => isBlock !== (status === 'blocked'));
  for (const { _id, is_enabled } of concerned) {
    const status = isBlock ? 'blocked' : is_enabled ? 'ok' : 'disabled';
    await Installation.updateOne({ _id }, { $set: { status, status_reason: reason } });
  }
  for (const workspace_id of new Set(concerned.map((one) => one.workspace_id))) await announce(workspace_id);
  return concerned.map(({ _id }) => _id);
}
