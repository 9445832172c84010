import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { trusted } from '../database/mongoose.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { Caller, Role } from '../http/caller.ts';
import { Membership, type MembershipDoc, membershipId, User, type UserDoc, Workspace } from './model.ts';
import { isAtLeast } from './rights.ts';

/**
 * Gives a member another role; null takes them out. Every node knows within a second.
 *
 * @param caller acting in this workspace; may do this to members of at most the same role, and to themselves
 * @throws Failure `not_found`, `forbidden` (more than the caller's own role), `conflict` (the last owner)
 */
export async function setMember(
  caller: Caller,
  user_id: string,
  role: Role | null,
  address: string,
): Promise<{ membership: MembershipDoc; user: UserDoc | null }> {
  const { workspace_id } = caller;
  return transaction(async () => {
    const membership = await Membership.findOne({ _id: membershipId(workspace_id, user_id), workspace_id }).lean();
    if (!membership) throw new Failure('not_found', { message: 'There is no such member in this workspace.' });
    if (!isAtLeast(caller.role, membership.role) || (role && !isAtLeast(caller.role, role))) {
      throw new Failure('forbidden', { message: `Your role ${caller.role} cannot change or give a higher one.` });
    }
    if (membership.role === 'owner' && role !== 'owner') await keepAnOwner(workspace_id, user_id);
    const user = await User.findById(user_id).lean();
    if (role) await Membership.updateOne({ _id: membership._id }, { $set: { role } });
    else await Membership.deleteOne({ _id: membership._id });
    await announce('site');
    await announce(workspace_id);
    await audit({
      workspace_id,
      caller,
      action: role ? 'member.role_changed' : user_id === caller.id ? 'member.left' : 'member.removed',
      target: { kind: 'user', id: user_id, name: user?.email ?? null },
      before: { role: membership.role },
      after: role ? { role } : null,
      address,
    });
    return { membership: { ...membership, role: role ?? membership.role }, user };
  });
}

/** Touches the workspace, so that of two owners who leave at the same moment one is refused. */
async function keepAnOwner(workspace_id: string, leaving: string): Promise<void> {
  const others = await Membership.countDocuments({ workspace_id, role: 'owner', user_id: trusted({ $ne: leaving }) });
  if (others === 0)
    throw new Failure('conflict', {
      message: 'The last owner cannot leave or step down: make somebody else an owner first.',
    });
  await Workspace.updateOne({ _id: workspace_id }, { $set: { updated_at: new Date() } });
}
