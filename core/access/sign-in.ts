import { Failure } from '../../sdk/contract/failure.ts';
import { transaction } from '../database/transaction.ts';
import { countedAddress } from './address-list.ts';
import { auditPerson } from './audit-person.ts';
import { noteFailedSignIn } from './failed-sign-ins.ts';
import { beginAttempt } from './login-throttle.ts';
import { signIns } from './metrics.ts';
import { User, type UserDoc } from './model.ts';
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
    if (user) noteFailedSignIn(user, origin);
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
      noteFailedSignIn(user, origin);
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
