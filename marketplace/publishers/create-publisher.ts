import { distance } from 'fastest-levenshtein';
import { transaction } from '../../core/database/transaction.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { append } from '../log/append.ts';
import { Publisher } from '../models/publisher.ts';
import type { Actor, Parts } from '../parts.ts';

/** What a namespace looks like. */
export const publisherPattern = '^@[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?$';

/**
 * Makes a namespace; whoever makes it owns it.
 *
 * @throws Failure `conflict` when it exists, or when it could be taken for one that exists
 */
export async function createPublisher(
  parts: Parts,
  actor: Actor,
  wanted: { name: string; display_name?: string; is_first_party?: boolean },
): Promise<Publisher> {
  const { name } = wanted;
  if (!new RegExp(publisherPattern).test(name)) {
    throw new Failure('validation_failed', {
      message: `${quote(name)} is no publisher name: write @ and 1 to 39 small letters, digits or inner hyphens`,
    });
  }
  return transaction(async () => {
    const known = await Publisher.find({}, { _id: 1, is_first_party: 1 }).lean();
    const alike = known.find((other) => isAlike(name, other._id, other.is_first_party));
    if (alike) {
      throw new Failure('conflict', {
        message:
          alike._id === name ? `${name} exists` : `${name} could be taken for ${alike._id}; choose a name that cannot`,
      });
    }
    const publisher: Publisher = {
      _id: name,
      display_name: wanted.display_name ?? name.slice(1),
      members: actor.user_id === null ? [] : [{ user_id: actor.user_id, role: 'owner' }],
      keys: [],
      is_first_party: wanted.is_first_party ?? false,
      origin: null,
      created_by: actor.id,
      created_at: new Date(parts.clock()),
    };
    await Publisher.create([publisher]);
    await append(parts, actor, [{ kind: 'publisher.created', subject: name }]);
    return publisher;
  });
}

/**
 * Names that a hurried reader takes for each other: the same but for hyphens and look-alike letters,
 * and, where the other is worth imitating, one letter off.
 */
export function isAlike(name: string, other: string, isWorthImitating: boolean): boolean {
  const [left, right] = [skeleton(name), skeleton(other)];
  return left === right || (isWorthImitating && distance(left, right) <= 1);
}

function skeleton(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[-_.]/g, '')
    .replaceAll(/[1il]/g, 'l')
    .replaceAll('0', 'o')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}
