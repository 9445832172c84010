import { audit } from '../audit/audit.ts';
import { randomBase62 } from '../database/id.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { SiteRole } from '../http/caller.ts';
import { makeFirstWorkspace } from './first-start.ts';
import { invite } from './invitations.ts';
import { User } from './model.ts';
import { makeUser, newPasswordHash } from './register.ts';
import { hashToken } from './session-cookie.ts';
import { makeMember } from './workspaces.ts';

const site_roles: SiteRole[] = ['operator', 'reviewer'];
const linkLife = 24 * 3_600_000;

/**
 * Makes an admin of the site, who owns its first workspace: at once with a password (an account that is there keeps its
 * own), else by a link.
 *
 * @param email null: whoever holds the link chooses
 * @param password empty: a link
 * @returns the link's token, or null when the admin is made
 */
export async function createAdmin(email: string | null, password: string): Promise<string | null> {
  const token = randomBase62(43);
  const password_hash = email !== null && password !== '' ? await newPasswordHash(password, email) : null;
  return transaction(async () => {
    const workspace_id = await makeFirstWorkspace();
    if (email === null || password_hash === null) {
      const wanted = {
        workspace_id,
        email: email?.toLowerCase() ?? null,
        role: 'owner' as const,
        site_roles,
        invited_by: null,
      };
      await invite(wanted, hashToken(token), linkLife);
      return token;
    }
    const known = await User.findOneAndUpdate(
      { email: email.toLowerCase() },
      { $addToSet: { site_roles: { $each: site_roles } }, $set: { is_active: true } },
      { returnDocument: 'after' },
    ).lean();
    const admin = known ?? (await makeUser({ email, site_roles }, password_hash));
    await makeMember(workspace_id, admin._id, 'owner');
    await announce('site');
    await audit({
      workspace_id,
      action: 'user.made_admin',
      target: { kind: 'user', id: admin._id, name: admin.email },
      after: { site_roles },
    });
    return null;
  });
}
