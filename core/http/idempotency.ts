import { createHash } from 'node:crypto';
import { Failure } from '../../sdk/contract/failure.ts';
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
 * after a failure the same key may try again.
 *
 * @throws Failure `idempotency_mismatch` for another body, `conflict` while the first is still running,
 *   `malformed` for a key that is no token of 1 to 255 visible characters
 */
export async function once(asked: Asked, run: () => Promise<unknown>): Promise<unknown> {
  if (!/^[\x21-\x7e]{1,255}$/.test(asked.key)) {
    throw new Failure('malformed', { message: 'Idempotency-Key takes 1 to 255 visible ASCII characters.' });
  }
  const hash = (value: string | Buffer) => createHash('sha256').update(value).digest('base64url');
  const _id = hash(JSON.stringify([asked.workspace_id, asked.caller, asked.method, asked.path, asked.key]));
  const context = { workspace_id: asked.workspace_id, record: _id, field: 'answer' };
  const body_hash = hash(asked.body);
  const kept = await claim(_id, body_hash);
  if (kept !== null) {
    const { status, headers, msg, content } = JSON.parse(unseal(kept, context)) as Kept;
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
    given = await run();
  } catch (error) {
    await IdempotentAnswer.deleteOne({ _id, state: 'running' });
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
async function claim(_id: string, body_hash: string): Promise<string | null> {
  const now = Date.now();
  const fresh = {
    body_hash,
    state: 'running' as const,
    answer: null,
    running_until: new Date(now + runningMs),
    expires_at: new Date(now + keptMs),
  };
  try {
    await IdempotentAnswer.create({ _id, ...fresh });
    return null;
  } catch (error) {
    if ((error as { code?: number }).code !== 11000) throw error;
  }
  const seen = await IdempotentAnswer.findById(_id).lean();
  if (seen && seen.expires_at.getTime() > now) {
    if (seen.body_hash !== body_hash) throw new Failure('idempotency_mismatch');
    if (seen.state === 'done') return seen.answer;
    if (seen.running_until.getTime() > now) {
      throw new Failure('conflict', {
        message: 'A request with this Idempotency-Key is still running; try again in a moment.',
        retry_after_s: 2,
      });
    }
  }
  // The first one died on the way, or its day is over: take its place, unless another does so at this moment.
  const taken = await IdempotentAnswer.updateOne(
    { _id, ...(seen ? { running_until: seen.running_until, state: seen.state } : {}) },
    { $set: fresh },
    { upsert: !seen },
  );
  if (taken.modifiedCount + taken.upsertedCount === 0) {
    throw new Failure('conflict', {
      message: 'A request with this Idempotency-Key is still running; try again in a moment.',
      retry_after_s: 2,
    });
  }
  return null;
}
