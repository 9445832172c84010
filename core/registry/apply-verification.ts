import type { Release } from '../../marketplace/models/release.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { Installation } from '../installations/model.ts';

/** Runs a change of a release's verification, and tells every installation that runs it, in one transaction. */
export async function applyVerification(change: () => Promise<Release>): Promise<Release> {
  return transaction(async () => {
    const release = await change();
    const running = await Installation.find({ name: release.name, digest: release.digest }, { workspace_id: 1 }).lean();
    for (const { _id } of running) {
      await Installation.updateOne(
        { _id },
        { $set: { is_verified: release.is_verified, verification_date: release.verified_at } },
      );
    }
    for (const workspace_id of new Set(running.map((one) => one.workspace_id))) await announce(workspace_id);
    return release;
  });
}
