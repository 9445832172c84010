import { audit } from '../audit/audit.ts';
import { Membership, type UserDoc } from './model.ts';
import type { Origin } from './sessions.ts';

/** Tells of a person in the audit log of each of their workspaces; inside a transaction. */
export async function auditPerson(
  user: Pick<UserDoc, '_id' | 'email'>,
  action: string,
  origin: Origin,
  after: object | null = null,
): Promise<void> {
  const memberships = await Membership.find({ user_id: user._id }).lean();
  for (const { workspace_id } of memberships) {
    await audit({
      workspace_id,
      caller: { kind: 'user', id: user._id, label: user.email },
      action,
      target: { kind: 'user', id: user._id, name: user.email },
      after,
      address: origin.address,
    });
  }
}
