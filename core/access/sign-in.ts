import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { transaction } from '../database/transaction.ts';
import { log } from '../log.ts';
import { countedAddress } from './address-list.ts';
import { beginAttempt } from './login-throttle.ts';
import { signIns } from './metrics.ts';
import { Membership, User, type UserDoc } from './model.ts';
import { isPassword } from './password.ts';
import type { Origin } from './sessions.ts';
import { spendTotp } from './spend-totp.ts';

const addressesKept = 20;

export interface Credentials {
  email: string;
  password: string;
  /** six digits, or a recovery code; needed when the account has TOTP */
  totp?: string | undefined;
}

/**
 * Finds the person to whom an e-mail address and a password belong. Unknown accounts, wrong passwords and closed
 * accounts get the same answer in the same time.
 *
 * @throws Failure `unauthenticated` (with `content.reason` `totp_required` when only the code is missing), `rate_limited`
 */
export async function signIn({ email, password, totp }: Credentials, origin: Origin): Promise<UserDoc> {
  const user = await User.findOne({ email: email.toLowerCase() }).lean();
  const from = countedAddress(origin.address);
  const known = user?.known_addresses.includes(from) ?? false;
  const attempt = await beginAttempt(email.toLowerCase(), origin.address, known);
  const right = await isPassword(password, user?.password_hash ?? null);
  if (!user || !right || !user.is_active) {
    signIns.inc({ result: 'wrong' });
    if (user) noteFailure(user, origin);
    throw new Failure('unauthenticated', { message: 'E-mail address or password is wrong.' });
  }
  if (user.totp_active) {
    if (totp === undefined) {
      // The password was right, but it is the code's turn: guessing codes is counted like guessing passwords.
      await attempt.right();
      throw new Failure('unauthenticated', {
        message: 'This account wants a code of its authenticator app: send it as totp.',
        content: { reason: 'totp_required' },
      });
    }
    if (!(await spendTotp(user, totp))) {
      noteFailure(user, origin);
      throw new Failure('unauthenticated', {
        message: 'This code is wrong, or was used before.',
        content: { reason: 'totp_wrong' },
      });
    }
  }
  await attempt.right();
  signIns.inc({ result: 'right' });
  const known_addresses = [from, ...user.known_addresses.filter((address) => address !== from)].slice(0, addressesKept);
  await transaction(async () => {
    await User.updateOne({ _id: user._id }, { $set: { last_login_at: new Date(), known_addresses } });
    await auditPerson(user, 'user.signed_in', origin);
  });
  return user;
}

/** Not waited for: else the answer about an account that is there would come later than about one that is not. */
function noteFailure(user: UserDoc, origin: Origin): void {
  transaction(() => auditPerson(user, 'user.sign_in_failed', origin)).catch((error: unknown) =>
    log.error({ err: error, user_id: user._id }, 'a failed sign-in was not noted in the audit log'),
  );
}

/** Tells of a person in the audit log of each of their workspaces. */
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
