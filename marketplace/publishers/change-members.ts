import { transaction } from '../../core/database/transaction.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { Publisher } from '../models/publisher.ts';
import type { Actor } from '../parts.ts';
import { findPublisher, mustBeHome, mustBelong } from './find-publisher.ts';

/** Adds a member, or gives one another role. Only owners may. */
export async function setMember(
  actor: Actor,
  name: string,
  member: { user_id: string; role: 'owner' | 'member' },
): Promise<Publisher> {
  return changeMembers(actor, name, (members) => [
    ...members.filter(({ user_id }) => user_id !== member.user_id),
    member,
  ]);
}

/** Takes a member out. */
export async function removeMember(actor: Actor, name: string, user_id: string): Promise<Publisher> {
  return changeMembers(actor, name, (members) => {
    if (!members.some((member) => member.user_id === user_id)) {
      throw new Failure('not_found', { message: `That person is no member of ${name}` });
    }
    return members.filter((member) => member.user_id !== user_id);
  });
}

async function changeMembers(
  actor: Actor,
  name: string,
  change: (members: Publisher['members']) => Publisher['members'],
): Promise<Publisher> {
  return transaction(async () => {
    const publisher = await findPublisher(name);
    mustBelong(publisher, actor, 'owner');
    mustBeHome(publisher);
    const members = change(publisher.members);
    if (!members.some(({ role }) => role === 'owner')) {
      throw new Failure('conflict', { message: `${name} needs an owner: make another one first` });
    }
    await Publisher.updateOne({ _id: name }, { $set: { members } });
    return { ...publisher, members };
  });
}
