import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { trusted } from '../database/mongoose.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { SiteRole } from '../http/caller.ts';
import { makeFirstWorkspace } from './first-start.ts';
import { User } from './model.ts';

/** What a person may be on the whole site, beside their roles in workspaces. */
export const siteRoles = ['operator', 'reviewer'] as const satisfies readonly SiteRole[];

/**
 * The site roles of an account.
 *
 * @throws Failure `not_found` when the address has none
 */
export async function siteRolesOf(email: string): Promise<SiteRole[]> {
  return (await findAccount(email)).site_roles;
}

/**
 * Gives an account these site roles and takes the others away; every node knows within a second.
 *
 * @throws Failure `not_found` when the address has no account, `conflict` when no operator would be left
 */
export async function setSiteRoles(email: string, roles: readonly SiteRole[]): Promise<void> {
  await transaction(async () => {
    const user = await findAccount(email);
    if (user.site_roles.includes('operator') && !roles.includes('operator')) await keepAnOperator(user._id);
    await User.updateOne({ _id: user._id }, { $set: { site_roles: [...roles] } });
    await announce('site');
    await audit({
      // The site's own log is that of its first workspace.
      workspace_id: await makeFirstWorkspace(),
      action: 'user.site_roles_changed',
      target: { kind: 'user', id: user._id, name: user.email },
      before: { site_roles: user.site_roles },
      after: { site_roles: [...roles] },
    });
  });
}

async function findAccount(email: string) {
  const user = await User.findOne({ email: email.toLowerCase() }).lean();
  if (user) return user;
  throw new Failure('not_found', { message: `${email} has no account here: invite that person first.` });
}

async function keepAnOperator(leaving: string): Promise<void> {
  const left = await User.countDocuments({
    site_roles: 'operator',
    is_active: true,
    _id: trusted({ $ne: leaving }),
  });
  if (left > 0) return;
  throw new Failure('conflict', {
    message: 'The last operator has to stay one: make somebody else an operator first (patchbay-host create-admin).',
  });
}
