import { Failure } from '../../sdk/contract/failure.ts';
import { transaction } from '../database/transaction.ts';
import { seal, unseal } from '../vault/vault.ts';
import { auditPerson } from './audit-person.ts';
import { provePassword } from './change-password.ts';
import { User, type UserDoc } from './model.ts';
import { hashToken } from './session-cookie.ts';
import type { Origin } from './sessions.ts';
import { newRecoveryCodes, spendTotp, totpPlace } from './spend-totp.ts';
import { matchTotp, newTotpSecret, totpAddress } from './totp.ts';

/** Makes a secret for an authenticator app; nothing is asked for until `confirmTotp`. @throws Failure `conflict` */
export async function beginTotp(user: UserDoc): Promise<{ secret: string; otpauth_url: string }> {
  if (user.totp_active)
    throw new Failure('conflict', {
      message: 'This account has an authenticator app: remove it first (DELETE /auth/totp).',
    });
  const secret = newTotpSecret();
  await User.updateOne(
    { _id: user._id, totp_active: false },
    { $set: { totp: seal(secret, totpPlace(user._id)), totp_step: 0 } },
  );
  return { secret, otpauth_url: totpAddress(secret, user.email) };
}

/**
 * Takes the app's first code; from now on a code is asked for at every sign-in.
 *
 * @returns recovery codes, which are not kept in the clear
 * @throws Failure `conflict` (no secret was made, or it is active already), `validation_failed` (wrong code)
 */
export async function confirmTotp(user: UserDoc, code: string, origin: Origin): Promise<string[]> {
  if (user.totp_active || user.totp === null) {
    throw new Failure('conflict', {
      message: user.totp_active ? 'It is active already.' : 'Ask for a secret first: the same request without code.',
    });
  }
  const step = matchTotp(unseal(user.totp, totpPlace(user._id)), code, user.totp_step, Date.now());
  if (step === null) {
    throw new Failure('validation_failed', {
      content: {
        errors: [
          {
            pointer: '/code',
            message: 'is not what the app shows now: look at the clock of this device',
            keyword: 'totp',
            params: {},
          },
        ],
      },
    });
  }
  const codes = newRecoveryCodes();
  await transaction(async () => {
    await User.updateOne(
      { _id: user._id, totp: user.totp },
      { $set: { totp_active: true, totp_step: step, recovery_hashes: codes.map(hashToken) } },
    );
    await auditPerson(user, 'user.totp_added', origin);
  });
  return codes;
}

/** @throws Failure `forbidden` (password or code is wrong), `conflict` (there is none), `rate_limited` */
export async function endTotp(user: UserDoc, given: { password: string; code: string }, origin: Origin): Promise<void> {
  if (!user.totp_active) throw new Failure('conflict', { message: 'This account has no authenticator app.' });
  await provePassword(user, given.password, origin);
  if (!(await spendTotp(user, given.code)))
    throw new Failure('forbidden', { message: 'This code is wrong, or was used before.' });
  await transaction(async () => {
    await User.updateOne({ _id: user._id }, { $set: { totp: null, totp_active: false, recovery_hashes: [] } });
    await auditPerson(user, 'user.totp_removed', origin);
  });
}
