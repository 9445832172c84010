import { VendorBudget } from '../credentials/limits/model.ts';
import { budgetId } from '../credentials/limits/slots.ts';
import { trusted } from '../database/mongoose.ts';
import type { Installation } from '../installations/model.ts';
import { Job } from '../jobs/model.ts';
import { accountGroup } from '../syncs/account-group.ts';
import type { IntegrationDoc } from './model.ts';

/** Whether a request would go out to the vendor now, and what is known of its limit. */
export interface RateLimitNow {
  allowed: boolean;
  remaining: number | null;
  reset_at: string | null;
  /** syncs of this account and webhooks of this integration that wait */
  queued: number;
}

/** What this integration has left at the vendor, as its answers told and our counting says. */
export async function rateLimitOf(installation: Installation, integration: IntegrationDoc): Promise<RateLimitNow> {
  const account = `account ${integration.auth_summary.account ?? integration._id}`;
  const credential = `credential ${integration._id}`;
  const ids = (installation.manifest.rate_limits ?? []).flatMap((limit, index) =>
    [account, credential].map((by) =>
      budgetId(integration.workspace_id, installation._id, by, limit.name ?? String(index)),
    ),
  );
  const own = ['hour', 'day'].map((window) => budgetId(integration.workspace_id, integration._id, 'own', window));
  const budgets = await VendorBudget.find({ _id: trusted({ $in: [...ids, ...own] }) }).lean();
  const general = await VendorBudget.find({ workspace_id: integration.workspace_id, owner: account }).lean();
  const all = [...budgets, ...general];
  const now = Date.now();
  const blocked = all.map(({ blocked_until }) => blocked_until?.getTime() ?? 0).filter((until) => until > now);
  const told = all.flatMap((one) => (one.told && one.told.remaining !== null ? [one.told] : []));
  const least = told.sort((a, b) => (a.remaining ?? 0) - (b.remaining ?? 0))[0];
  const until = Math.max(0, ...blocked, least?.remaining === 0 ? (least.reset_at?.getTime() ?? 0) : 0);
  const queued = await Job.countDocuments({
    group: trusted({ $in: [accountGroup(integration), `hook:${integration._id}`] }),
    state: trusted({ $in: ['ready', 'waiting', 'blocked'] }),
  });
  const reset = until > now ? until : (least?.reset_at?.getTime() ?? null);
  return {
    allowed: until <= now,
    remaining: until > now ? 0 : (least?.remaining ?? null),
    reset_at: reset === null ? null : new Date(reset).toISOString(),
    queued,
  };
}
