import { config } from '../config.ts';
import { randomBase62 } from '../database/id.ts';
import { transaction } from '../database/transaction.ts';
import { invite } from './invitations.ts';
import { Invitation, User, Workspace } from './model.ts';
import { makeUser, newPasswordHash } from './register.ts';
import { hashToken } from './session-cookie.ts';
import { makeMember, makeWorkspace } from './workspaces.ts';

export interface FirstStart {
  /** the workspace of the site's first admin */
  workspace_id: string;
  /** what was made now, in words for the terminal; empty on every later start */
  made: string[];
  /** with it the first admin chooses address and password (`<url>/setup#token=…`); null once there is one */
  setup_token: string | null;
}

/** How long a setup link is good; each start without an admin makes a new one. */
const setupLife = 24 * 3_600_000;
const firstName = 'Main';
/** The first workspace's id is fixed: of several nodes that begin a site at once, one makes it. */
const firstId = 'wsp_first';

/**
 * Makes the first workspace, its default project, and the admin of PATCHBAY_ADMIN_EMAIL; without one, a link with
 * which a person becomes it. Does nothing where there is an admin. Safe on several nodes at once.
 */
export async function firstStart(): Promise<FirstStart> {
  const { admin_email, admin_password } = config();
  const password_hash =
    admin_email !== null && admin_password !== null && (await User.estimatedDocumentCount()) === 0
      ? await newPasswordHash(admin_password, admin_email)
      : null;
  try {
    return await begin(password_hash);
  } catch (error) {
    if ((error as { code?: number }).code !== 11000) throw error;
    // Another node was quicker: what it made is there now.
    return begin(password_hash);
  }
}

function begin(password_hash: string | null): Promise<FirstStart> {
  const { admin_email } = config();
  return transaction(async () => {
    const made: string[] = [];
    const begun = await Workspace.findById(firstId).lean();
    const workspace_id = await makeFirstWorkspace();
    if (!begun) made.push(`workspace ${firstName} with the project Default`);
    if (await User.findOne({ site_roles: 'operator', is_active: true }).lean())
      return { workspace_id, made, setup_token: null };
    if (admin_email !== null && password_hash !== null) {
      const admin = await makeUser({ email: admin_email, site_roles: ['operator', 'reviewer'] }, password_hash);
      await makeMember(workspace_id, admin._id, 'owner');
      made.push(`admin ${admin.email}`);
      return { workspace_id, made, setup_token: null };
    }
    const token = randomBase62(43);
    await Invitation.deleteMany({ workspace_id, site_roles: 'operator', accepted_at: null });
    await invite(
      { workspace_id, email: null, role: 'owner', site_roles: ['operator', 'reviewer'], invited_by: null },
      hashToken(token),
      setupLife,
    );
    return { workspace_id, made, setup_token: token };
  });
}

/** The id of the site's first workspace, which is made when it is not there; inside a transaction. */
export async function makeFirstWorkspace(): Promise<string> {
  const found = await Workspace.findById(firstId).lean();
  return found?._id ?? (await makeWorkspace(firstName, null, firstId)).workspace._id;
}
