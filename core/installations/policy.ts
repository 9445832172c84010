import { cached } from '../access/cache.ts';
import { audit, difference } from '../audit/audit.ts';
import { config } from '../config.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { Policy } from './policy-model.ts';

/** A policy's own fields. */
export type PolicyRules = Pick<Policy, 'verified_only' | 'cooldown_hours' | 'blocked_publishers' | 'allow_sideload'>;

const open: PolicyRules = { verified_only: false, cooldown_hours: 48, blocked_publishers: [], allow_sideload: true };

/** What the site, or a workspace, says for itself. */
export async function readPolicy(owner: string): Promise<PolicyRules> {
  return cached(owner, 'policy', owner, async () => {
    const found = await Policy.findById(owner).lean();
    const { verified_only, cooldown_hours, blocked_publishers, allow_sideload } = found ?? open;
    return { verified_only, cooldown_hours, blocked_publishers, allow_sideload };
  });
}

/** What counts in a workspace: the stricter of site and workspace, and of the host's configuration. */
export async function effectivePolicy(workspace_id: string): Promise<PolicyRules> {
  const [site, own] = await Promise.all([readPolicy('site'), readPolicy(workspace_id)]);
  return {
    verified_only: site.verified_only || own.verified_only,
    cooldown_hours: Math.max(site.cooldown_hours, own.cooldown_hours),
    blocked_publishers: [...new Set([...site.blocked_publishers, ...own.blocked_publishers])],
    allow_sideload: config().allow_sideload && site.allow_sideload && own.allow_sideload,
  };
}

/** Changes the policy of the site or of a workspace; only the fields that are given. */
export async function changePolicy(caller: Caller, owner: string, change: Partial<PolicyRules>): Promise<PolicyRules> {
  return transaction(async () => {
    const found = await Policy.findById(owner).lean();
    const before: PolicyRules = found ?? open;
    const after = { ...open, ...found, ...change };
    await Policy.updateOne(
      { _id: owner },
      {
        $set: {
          verified_only: after.verified_only,
          cooldown_hours: after.cooldown_hours,
          blocked_publishers: after.blocked_publishers,
          allow_sideload: after.allow_sideload,
          updated_by: caller.id,
        },
      },
      { upsert: true },
    );
    await audit({
      workspace_id: caller.workspace_id,
      caller,
      action: 'policy.changed',
      target: { kind: 'policy', id: owner },
      ...difference<PolicyRules>(before, change),
    });
    await announce(owner);
    const { verified_only, cooldown_hours, blocked_publishers, allow_sideload } = after;
    return { verified_only, cooldown_hours, blocked_publishers, allow_sideload };
  });
}
