import { CommandError } from '../errors.ts';
import type { Value } from '../values/document.ts';
import { toNumber } from '../values/types.ts';
import { cursorReply } from '../wire/cursor-reply.ts';
import { type Command, countField, deadlineOf } from './request.ts';

/** For how long `awaitData` waits when the client does not say (manual: core/tailable-cursors). */
const AWAIT_MS = 1000;

/** Nobody waits for longer than this at once, so that a client that is gone is noticed; drivers ask again. */
const MOST_MS = 60_000;

/** The `getMore` command (manual: reference/command/getMore). */
export const getMore: Command = async (request) => {
  const { command, engine, database, transaction } = request;
  const namespace = `${database}.${command.collection}`;
  const cursor = engine.cursors.get(cursorId(command.getMore), namespace, transaction);
  const size = countField(command, 'batchSize') || Number.POSITIVE_INFINITY;
  if (cursor.tailable) {
    const patience = command.maxTimeMS === undefined ? AWAIT_MS : Math.min(toNumber(command.maxTimeMS), MOST_MS);
    const followed = await engine.cursors.follow(cursor, size, cursor.awaiting ? patience : 0);
    const token = cursor.resumeToken?.(followed.documents);
    const inside = token && { postBatchResumeToken: token };
    return cursorReply('nextBatch', followed.documents, followed.id, namespace, {}, inside);
  }
  const { documents, id } = await engine.cursors.next(cursor, size, deadlineOf(command));
  return cursorReply('nextBatch', documents, id, namespace);
};

/** The `killCursors` command (manual: reference/command/killCursors). */
export const killCursors: Command = ({ command, engine }) => {
  const ids = Array.isArray(command.cursors) ? command.cursors.map(cursorId) : [];
  const cursorsKilled = ids.filter((id) => engine.cursors.kill(id));
  const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 };
};

function cursorId(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  const number = toNumber(value);
  if (!Number.isSafeInteger(number)) throw new CommandError(14, 'a cursor id must be a 64-bit integer');
  return BigInt(number);
}
