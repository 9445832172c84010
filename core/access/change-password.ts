import { Failure } from '../../sdk/contract/failure.ts';
import { transaction } from '../database/transaction.ts';
import { auditPerson } from './audit-person.ts';
import { beginAttempt } from './login-throttle.ts';
import { User, type UserDoc } from './model.ts';
import { isPassword } from './password.ts';
import { newPasswordHash } from './register.ts';
import { endSessions, type Origin } from './sessions.ts';

/**
 * Changes a password and ends every other session.
 *
 * @param keep the session that goes on
 * @throws Failure `forbidden` when the current password is wrong, `rate_limited`, `validation_failed`
 */
export async function changePassword(
  user: UserDoc,
  given: { current_password: string; password: string },
  keep: string | null,
  origin: Origin,
): Promise<void> {
  await provePassword(user, given.current_password, origin);
  const password_hash = await newPasswordHash(given.password, user.email);
  await transaction(async () => {
    await User.updateOne({ _id: user._id }, { $set: { password_hash } });
    await endSessions({ user_id: user._id, except: keep }, 'password');
    await auditPerson(user, 'user.password_changed', origin);
  });
}

/** @throws Failure `forbidden` when it is not this account's password, `rate_limited` after too many tries */
export async function provePassword(user: UserDoc, password: string, origin: Origin): Promise<void> {
  const attempt = await beginAttempt(user.email, origin.address, true);
  if (!(await isPassword(password, user.password_hash)))
    throw new Failure('forbidden', { message: 'The current password is wrong.' });
  await attempt.right();
}
