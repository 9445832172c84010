import { Failure } from '../../sdk/contract/failure.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { Publisher } from '../models/publisher.ts';
import type { Actor } from '../parts.ts';

/** @throws Failure `not_found`, naming the nearest publisher */
export async function findPublisher(name: string): Promise<Publisher> {
  const publisher = await Publisher.findById(name).lean();
  if (publisher) return publisher;
  const known = await Publisher.find({}, { _id: 1 }).limit(5000).lean();
  const near = nearest(
    name,
    known.map(({ _id }) => _id),
  );
  throw new Failure('not_found', {
    message: `There is no publisher ${quote(name)}${near ? `; did you mean ${near}?` : '; POST /registry/publishers makes one'}`,
  });
}

/**
 * Whether somebody may act for a publisher: its members, and operators of the site.
 *
 * @throws Failure `forbidden`
 */
export function mustBelong(publisher: Publisher, actor: Actor, role: 'owner' | 'member' = 'member'): void {
  if (actor.is_operator) return;
  const membership = publisher.members.find(({ user_id }) => user_id === actor.user_id);
  if (membership && (role === 'member' || membership.role === 'owner')) return;
  throw new Failure('forbidden', {
    message: `${actor.label} is not ${role === 'owner' ? 'an owner' : 'a member'} of ${publisher._id}; an owner of it can add members`,
  });
}

/** @throws Failure `conflict` for a publisher that another registry is home to */
export function mustBeHome(publisher: Publisher): void {
  if (publisher.origin === null) return;
  throw new Failure('conflict', {
    message: `${publisher._id} is mirrored from ${publisher.origin}; change it there`,
  });
}
