import { randomBase62 } from '../database/id.ts';
import { unseal } from '../vault/vault.ts';
import { User, type UserDoc } from './model.ts';
import { hashToken } from './session-cookie.ts';
import { matchTotp } from './totp.ts';

/** Where a person's TOTP secret is sealed. */
export function totpPlace(user_id: string) {
  return { workspace_id: 'site', record: user_id, field: 'totp' };
}

/**
 * Uses up a code of the authenticator app, or a recovery code: each opens once, also when it is sent twice at the same
 * moment.
 */
export async function spendTotp(user: UserDoc, code: string): Promise<boolean> {
  if (user.totp === null) return false;
  const step = matchTotp(unseal(user.totp, totpPlace(user._id)), code, user.totp_step, Date.now());
  if (step !== null) {
    const used = await User.updateOne({ _id: user._id, totp_step: user.totp_step }, { $set: { totp_step: step } });
    return used.modifiedCount === 1;
  }
  const hash = hashToken(code);
  if (!user.recovery_hashes.includes(hash)) return false;
  const used = await User.updateOne({ _id: user._id, recovery_hashes: hash }, { $pull: { recovery_hashes: hash } });
  return used.modifiedCount === 1;
}

/** Ten codes for the day when the phone is gone. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => `${randomBase62(5)}-${randomBase62(5)}`);
}
