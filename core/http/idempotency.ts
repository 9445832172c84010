import { createHash } from 'node:crypto';
import { Failure } from '../../sdk/contract/failure.ts';
import { newId } from '../database/id.ts';
import { log } from '../log.ts';
import { seal, unseal } from '../vault/vault.ts';
import { IdempotentAnswer } from './idempotency-model.ts';
import { Raw, Reply } from './route.ts';

const keptMs = 24 * 3_600_000;
const runningMs = 60_000;

interface Asked {
  key: string;
  /** id of the caller */
  caller: string;
  workspace_id: string;
  method: string;
  path: string;
  body: Buffer;
}

interface Kept {
  status: number | null;
  headers: Record<string, string | string[]>;
  msg: string | null;
  content: unknown;
}

/**
 * Runs a POST at most once for one `Idempotency-Key` of one caller (draft-ietf-httpapi-idempotency-key-header):
 * the second request with the same key and body gets the first one's answer for 24 hours. Only success is kept;
 * after a failure the same key may try again. One whose host died before it was kept runs again under the same
 * `once_id`, by which a handler can know what it did already.
 *
 * @throws Failure `idempotency_mismatch` for another body, `conflict` while the first is still running,
 *   `malformed` for a key that is no token of 1 to 255 visible characters
 */
export async function once(asked: Asked, run: (once_id: string) => Promise<unknown>): Promise<unknown> {
  if (!/^[\x21-\x7e]{1,255}$/.test(asked.key)) {
    throw new Failure('malformed', { message: 'Idempotency-Key takes 1 to 255 visible ASCII characters.' });
  }
  const hash = (value: string | Buffer) => createHash('sha256').update(value).digest('base64url');
  const _id = hash(JSON.stringify([asked.workspace_id, asked.caller, asked.method, asked.path, asked.key]));
  const context = { workspace_id: asked.workspace_id, record: _id, field: 'answer' };
  const body_hash = hash(asked.body);
  const claimed = await claim(_id, body_hash);
  if ('answer' in claimed) {
    const { status, headers, msg, content } = JSON.parse(unseal(claimed.answer, context)) as Kept;
    return new Reply(content, {
      headers: { ...headers, 'Idempotency-Replayed': 'true' },
      ...(status === null ? {} : { status }),
      ...(msg === null ? {} : { msg }),
    });
  }
  let given: unknown;
  // A long call stays known as running; one whose host died is free again after a minute.
  const alive = setInterval(() => {
    const running_until = new Date(Date.now() + runningMs);
    IdempotentAnswer.updateOne({ _id, state: 'running' }, { $set: { running_until } }).catch((error: unknown) =>
      log.warn({ err: error }, 'a running request was not noted as such'),
    );
  }, runningMs / 3);
  try {
    given = await run(claimed.once_id);
  } catch (error) {
    // A refusal did nothing. Whatever else went wrong may have gone wrong after something was done.
    if (error instanceof Failure) await IdempotentAnswer.deleteOne({ _id, state: 'running' });
    else await IdempotentAnswer.updateOne({ _id, state: 'running' }, { $set: { running_until: new Date(0) } });
    throw error;
  } finally {
    clearInterval(alive);
  }
  if (given instanceof Raw) {
    await IdempotentAnswer.deleteOne({ _id });
    return given;
  }
  const reply = given instanceof Reply ? given : new Reply(given);
  const answer: Kept = {
    status: reply.status ?? null,
    headers: reply.headers,
    msg: reply.msg ?? null,
    content: reply.content ?? {},
  };
  await IdempotentAnswer.updateOne({ _id }, { $set: { state: 'done', answer: seal(JSON.stringify(answer), context) } });
  return given;
}

/** Takes the key, or gives the sealed answer that it led to. */
async function claim(_id: string, body_hash: string): Promise<{ once_id: string } | { answer: string }> {
  const now = Date.now();
  const fresh = {
    body_hash,
    once_id: newId('onc'),
    state: 'running' as const,
    answer: null,
    running_until: new Date(now + runningMs),
    expires_at: new Date(now + keptMs),
  };
  try {
    await IdempotentAnswer.create({ _id, ...fresh });
    return { once_id: fresh.once_id };
  } catch (error) {
    if ((error as { code?: number }).code !== 11000) throw error;
  }
  const seen = await IdempotentAnswer.findById(_id).lean();
  if (seen && seen.expires_at.getTime() > now) {
    if (seen.body_hash !== body_hash) throw new Failure('idempotency_mismatch');
    if (seen.answer !== null) return { answer: seen.answer };
    if (seen.running_until.getTime() > now) {
      throw new Failure('conflict', {
        message: 'A request with this Idempotency-Key is still running; try again in a moment.',
        retry_after_s: 2,
      });
    }
  }
  // The first one died on the way, or its day is over: take its place, unless another does so at this moment.
  const died = seen && seen.expires_at.getTime() > now;
  const once_id = (died && seen.once_id) || fresh.once_id;
  const taken = await IdempotentAnswer.updateOne(
    { _id, ...(seen ? { running_until: seen.running_until, state: seen.state } : {}) },
    { $set: { ...fresh, once_id } },
    { upsert: !seen },
  );
  if (taken.modifiedCount + taken.upsertedCount === 0) {
    throw new Failure('conflict', {
      message: 'A request with this Idempotency-Key is still running; try again in a moment.',
      retry_after_s: 2,
    });
  }
  return { once_id };
}
