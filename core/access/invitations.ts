import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { newId } from '../database/id.ts';
import { trusted } from '../database/mongoose.ts';
import { transaction } from '../database/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { Invitation, type InvitationDoc, User, type UserDoc } from './model.ts';
import { makeUser, newPasswordHash } from './register.ts';
import { password } from './schemas.ts';
import { hashToken } from './session-cookie.ts';
import type { Origin } from './sessions.ts';
import { signIn } from './sign-in.ts';
import { makeMember } from './workspaces.ts';

/** How long an invitation is good, in ms. */
export const invitationLife = 7 * 86_400_000;

/** Stores an invitation; inside a transaction. Its token is known to whoever made it, and to nobody afterwards. */
export async function invite(
  wanted: Pick<InvitationDoc, 'workspace_id' | 'email' | 'role' | 'site_roles' | 'invited_by'>,
  token_hash: string,
  life_ms: number = invitationLife,
): Promise<InvitationDoc> {
  const made = await Invitation.create({
    _id: newId('inv'),
    ...wanted,
    token_hash,
    expires_at: new Date(Date.now() + life_ms),
  });
  return made.toObject();
}

export interface Acceptance {
  token: string;
  /** who is signed in already, if anybody */
  caller: Caller | null;
  /** for an invitation that names no address */
  email?: string | undefined;
  /** of the account that is there, or of the one that is made */
  password?: string | undefined;
  name?: string | undefined;
  totp?: string | undefined;
}

/**
 * Takes an invitation: by who is signed in, by an account that signs in with it, or by a new account.
 *
 * @param first true for the setup of the site's first admin: then only a setup link is taken
 * @throws Failure `not_found` (unknown, used, expired), `forbidden` (for somebody else), `validation_failed`,
 *   `unauthenticated` (the account's password is wrong), `rate_limited`
 */
export async function acceptInvitation(
  wanted: Acceptance,
  origin: Origin,
  first = false,
): Promise<{ user: UserDoc; invitation: InvitationDoc }> {
  const token_hash = hashToken(wanted.token);
  const invitation = await openInvitation(token_hash, first);
  const given = wanted.email?.toLowerCase();
  if (given !== undefined && invitation.email !== null && given !== invitation.email)
    throw new Failure('forbidden', { message: 'This invitation is for another e-mail address.' });
  const email = invitation.email ?? given ?? wanted.caller?.label;
  if (email === undefined) throw missing('email', 'is needed: this invitation names no address');
  const known = await User.findOne({ email }).lean();
  if (wanted.caller?.kind === 'user' && wanted.caller.label !== email) {
    throw new Failure('forbidden', {
      message: 'This invitation is for another e-mail address than the one you are signed in with.',
    });
  }
  let user: UserDoc | null = wanted.caller?.kind === 'user' ? known : null;
  let password_hash = '';
  if (!user) {
    if (wanted.password === undefined)
      throw missing('password', 'is needed: sign in, or give the password of the account');
    if (known) user = await signIn({ email, password: wanted.password, totp: wanted.totp }, origin);
    else password_hash = await newPasswordHash(longEnough(wanted.password), email);
  }
  const found = user;
  return transaction(async () => {
    const taken = await Invitation.updateOne(
      { _id: invitation._id, accepted_at: null, expires_at: trusted({ $gt: new Date() }) },
      { $set: { accepted_at: new Date() } },
    );
    if (taken.modifiedCount === 0) throw gone();
    // Two nodes that began at once printed two setup links: the first that is used ends the other.
    if (first) await Invitation.deleteMany({ site_roles: 'operator', accepted_at: null });
    const { site_roles, workspace_id, role } = invitation;
    const member = found ?? (await makeUser({ email, name: wanted.name, site_roles }, password_hash));
    if (found && site_roles.length > 0)
      await User.updateOne(
        { _id: found._id },
        { $set: { site_roles: [...new Set([...found.site_roles, ...site_roles])] } },
      );
    await makeMember(workspace_id, member._id, role);
    await audit({
      workspace_id,
      caller: { kind: 'user', id: member._id, label: member.email },
      action: 'member.joined',
      target: { kind: 'user', id: member._id, name: member.email },
      after: { role, site_roles },
      address: origin.address,
    });
    return { user: member, invitation };
  });
}

async function openInvitation(token_hash: string, first: boolean): Promise<InvitationDoc> {
  const found = await Invitation.findOne({
    token_hash,
    accepted_at: null,
    expires_at: trusted({ $gt: new Date() }),
  }).lean();
  const isSetup = found?.site_roles.includes('operator') ?? false;
  if (!found || isSetup !== first) throw gone();
  return found;
}

function gone(): Failure {
  return new Failure('not_found', {
    message: 'There is no such invitation: it was used, has expired, or never was. Ask for a new one.',
  });
}

/** The route takes any password, since it may be that of an account; a new account's has the rules of new ones. */
function longEnough(given: string): string {
  if ([...given].length >= password.minLength) return given;
  const message = `must have at least ${password.minLength} characters`;
  const params = { limit: password.minLength };
  throw new Failure('validation_failed', {
    content: { errors: [{ pointer: '/password', message, keyword: 'minLength', params }] },
  });
}

function missing(field: string, message: string): Failure {
  return new Failure('validation_failed', {
    content: { errors: [{ pointer: `/${field}`, message, keyword: 'required', params: { missingProperty: field } }] },
  });
}
