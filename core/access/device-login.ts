import { randomInt } from 'node:crypto';
import { Failure } from '../../sdk/contract/failure.ts';
import { randomBase62 } from '../database/id.ts';
import { trusted } from '../database/mongoose.ts';
import { transaction } from '../database/transaction.ts';
import { auditPerson } from './audit-person.ts';
import { DeviceLogin, type DeviceLoginDoc, User, type UserDoc } from './model.ts';
import { hashToken } from './session-cookie.ts';
import type { Origin } from './sessions.ts';

/** No vowels, so that no code is a word; no digits that look like letters (RFC 8628, section 6.1). */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';
const life_s = 600;
export const interval_s = 5;

export interface DeviceCodes {
  device_code: string;
  /** eight letters, with a dash in the middle for the eye */
  user_code: string;
  expires_in: number;
  interval: number;
}

/** Begins a device login (RFC 8628): the program keeps one code, the person types the other in a browser. */
export async function beginDeviceLogin(client_name: string, address: string): Promise<DeviceCodes> {
  const device_code = randomBase62(43);
  const user_code = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
  await DeviceLogin.create({
    _id: hashToken(device_code),
    user_code,
    client_name,
    address,
    state: 'pending',
    expires_at: new Date(Date.now() + life_s * 1000),
  });
  return {
    device_code,
    user_code: `${user_code.slice(0, 4)}-${user_code.slice(4)}`,
    expires_in: life_s,
    interval: interval_s,
  };
}

/**
 * What a person sees before letting a program in, and the decision about it.
 *
 * @param approve absent: only look
 * @throws Failure `not_found`
 */
export async function decideDeviceLogin(
  user_code: string,
  approve: boolean | undefined,
  user: UserDoc,
  origin: Origin,
): Promise<DeviceLoginDoc> {
  const code = user_code.toUpperCase().replaceAll(/[^A-Z]/g, '');
  const waiting = { user_code: code, state: 'pending' as const, expires_at: trusted({ $gt: new Date() }) };
  const found = await DeviceLogin.findOne(waiting).lean();
  if (!found)
    throw new Failure('not_found', {
      message: 'No program waits with this code: it was used, has expired, or is mistyped.',
    });
  if (approve === undefined) return found;
  const state = approve ? 'approved' : 'denied';
  await transaction(async () => {
    const taken = await DeviceLogin.updateOne(
      { _id: found._id, state: 'pending' },
      { $set: { state, user_id: user._id } },
    );
    if (taken.modifiedCount === 0) throw new Failure('conflict', { message: 'This was decided a moment ago.' });
    await auditPerson(user, `user.device_${state}`, origin, { client_name: found.client_name, address: found.address });
  });
  return { ...found, state };
}

export type DevicePoll = { status: 'pending' } | { status: 'denied' } | { status: 'approved'; user: UserDoc };

/**
 * Asks whether the person has decided. An approval is answered once.
 *
 * @throws Failure `not_found` (unknown, expired, used), `rate_limited` when asked more often than every five seconds
 */
export async function pollDeviceLogin(device_code: string): Promise<DevicePoll> {
  const _id = hashToken(device_code);
  const found = await DeviceLogin.findOne({ _id, expires_at: trusted({ $gt: new Date() }) }).lean();
  if (!found || found.state === 'used')
    throw new Failure('not_found', { message: 'This device login was used or has expired: begin again.' });
  if (found.state === 'denied') return { status: 'denied' };
  const now = new Date();
  if (found.state === 'pending') {
    const early = found.polled_at && now.getTime() - found.polled_at.getTime() < (interval_s - 1) * 1000;
    await DeviceLogin.updateOne({ _id }, { $set: { polled_at: now } });
    if (early)
      throw new Failure('rate_limited', { message: `Ask every ${interval_s} seconds.`, retry_after_s: interval_s });
    return { status: 'pending' };
  }
  const user = await User.findOne({ _id: found.user_id, is_active: true }).lean();
  const taken = await DeviceLogin.updateOne({ _id, state: 'approved' }, { $set: { state: 'used' } });
  if (taken.modifiedCount === 0 || !user)
    throw new Failure('not_found', { message: 'This device login was used or has expired: begin again.' });
  return { status: 'approved', user };
}
