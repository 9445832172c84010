import { transaction } from '../../core/database/transaction.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { describePublicKey } from '../../sdk/package/sign.ts';
import { append } from '../log/append.ts';
import { Publisher, type PublisherKey } from '../models/publisher.ts';
import type { Actor, Parts } from '../parts.ts';
import { refreshPackagesOf } from '../releases/refresh-package.ts';
import { findPublisher, mustBeHome, mustBelong } from './find-publisher.ts';

/**
 * Gives a publisher one more signing key.
 *
 * @param given raw Ed25519 key (32 bytes) as base64, or its PEM
 * @throws Failure `validation_failed` for another kind of key, `conflict` for one that it has or had
 */
export async function addKey(parts: Parts, actor: Actor, name: string, given: string): Promise<PublisherKey> {
  const { key_id, public_key } = readKey(given);
  return transaction(async () => {
    const publisher = await findPublisher(name);
    mustBelong(publisher, actor, 'owner');
    mustBeHome(publisher);
    const known = publisher.keys.find((key) => key.key_id === key_id);
    if (known) {
      const what = known.revoked_at ? 'was revoked and stays so; make a new one' : `is a key of ${name} already`;
      throw new Failure('conflict', { message: `The key ${key_id} ${what}` });
    }
    const key: PublisherKey = {
      key_id,
      public_key,
      added_by: actor.id,
      added_at: new Date(parts.clock()),
      revoked_at: null,
      revoked_reason: null,
    };
    await Publisher.updateOne({ _id: name }, { $push: { keys: key } });
    await append(parts, actor, [{ kind: 'key.added', subject: name, facts: { key_id, public_key } }]);
    return key;
  });
}

/** Revokes a key: from now on no release signed with it alone can be published or installed. */
export async function revokeKey(
  parts: Parts,
  actor: Actor,
  name: string,
  asked: { key_id: string; reason: string },
): Promise<PublisherKey> {
  return transaction(async () => {
    const publisher = await findPublisher(name);
    mustBelong(publisher, actor, 'owner');
    mustBeHome(publisher);
    const key = publisher.keys.find(({ key_id }) => key_id === asked.key_id);
    if (!key) throw new Failure('not_found', { message: `${name} has no key ${asked.key_id.slice(0, 80)}` });
    if (key.revoked_at) return key;
    const revoked: PublisherKey = { ...key, revoked_at: new Date(parts.clock()), revoked_reason: asked.reason };
    const keys = publisher.keys.map((one) => (one.key_id === key.key_id ? revoked : one));
    await Publisher.updateOne({ _id: name }, { $set: { keys } });
    await append(parts, actor, [
      { kind: 'key.revoked', subject: name, facts: { key_id: key.key_id, reason: asked.reason } },
    ]);
    await refreshPackagesOf(parts, name);
    return revoked;
  });
}

function readKey(given: string): { key_id: string; public_key: string } {
  try {
    return describePublicKey(given);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    const errors = [{ pointer: '/public_key', message: cause.message, keyword: 'format', params: {} }];
    throw new Failure('validation_failed', { message: cause.message, content: { errors }, cause });
  }
}
