import { trusted } from '../database/mongoose.ts';
import type { Role, SiteRole } from '../http/caller.ts';
import { cached } from './cache.ts';
import { Membership, Session, User, Workspace } from './model.ts';

/** A person who is signed in: who it is, and where a member. */
export interface Person {
  user_id: string;
  email: string;
  site_roles: SiteRole[];
  /** oldest first */
  memberships: PersonMembership[];
}

export interface PersonMembership {
  workspace_id: string;
  role: Role;
  /** from where the workspace lets its members in; none: from everywhere */
  addresses: string[];
}

/** A session that is still good. */
export interface LiveSession {
  session_id: string;
  user_id: string;
  secret_hash: string | null;
  expires_at: number;
}

/** The person behind a user id; null when there is none, or not any more. */
export function findPerson(user_id: string): Promise<Person | null> {
  return cached('site', 'person', user_id, async () => {
    const user = await User.findOne({ _id: user_id, is_active: true }).lean();
    if (!user) return null;
    const memberships = await Membership.find({ user_id }).sort({ created_at: 1, _id: 1 }).lean();
    const workspaces = await Workspace.find({
      _id: trusted({ $in: memberships.map((one) => one.workspace_id) }),
    }).lean();
    const addresses = new Map(workspaces.map((one) => [one._id, one.ip_allowlist]));
    return {
      user_id,
      email: user.email,
      site_roles: user.site_roles,
      memberships: memberships.map(({ workspace_id, role }) => ({
        workspace_id,
        role,
        addresses: addresses.get(workspace_id) ?? [],
      })),
    };
  });
}

/** The list of sessions says when each was used, within about so long. */
const notedEveryMs = 300_000;

/** The session with this id; null when it has ended. */
export async function findSession(session_id: string): Promise<LiveSession | null> {
  const found = await cached('site', 'session', session_id, async () => {
    const session = await Session.findOne({ _id: session_id, revoked_at: null }).lean();
    const now = new Date();
    if (session && now.getTime() - session.last_used_at.getTime() > notedEveryMs) {
      await Session.updateOne({ _id: session_id }, { $set: { last_used_at: now } });
    }
    return (
      session && {
        session_id,
        user_id: session.user_id,
        secret_hash: session.secret_hash,
        expires_at: session.expires_at.getTime(),
      }
    );
  });
  return found && found.expires_at > Date.now() ? found : null;
}
