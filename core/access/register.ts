import { Failure } from '../../sdk/contract/failure.ts';
import { newId } from '../database/id.ts';
import type { SiteRole } from '../http/caller.ts';
import { User, type UserDoc } from './model.ts';
import { hashPassword } from './password.ts';

export interface NewPerson {
  email: string;
  password: string;
  name?: string | undefined;
  site_roles?: SiteRole[];
}

/**
 * Makes an account; inside a transaction, with the hash made before it.
 *
 * @throws Failure `conflict` when the address has an account
 */
export async function makeUser(
  { email, name, site_roles }: Omit<NewPerson, 'password'>,
  password_hash: string,
): Promise<UserDoc> {
  const address = email.toLowerCase();
  const taken = await User.findOne({ email: address }).lean();
  if (taken) throw new Failure('conflict', { message: 'This e-mail address has an account: sign in with it.' });
  const user = await User.create({
    _id: newId('usr'),
    email: address,
    name: name ?? address.split('@')[0] ?? address,
    password_hash,
    site_roles: site_roles ?? [],
  });
  return user.toObject();
}

/**
 * The stored form of a new password.
 *
 * @throws Failure `validation_failed` for one that is the address itself; its length is the route's schema's
 */
export async function newPasswordHash(password: string, email: string): Promise<string> {
  if (password.toLowerCase() === email.toLowerCase()) {
    throw new Failure('validation_failed', {
      content: {
        errors: [{ pointer: '/password', message: 'must not be the e-mail address', keyword: 'password', params: {} }],
      },
    });
  }
  return hashPassword(password);
}
