import { CommandError, unsupported } from '../errors.ts';
import { sessionOf } from '../transactions/sessions.ts';
import { isDocument } from '../values/document.ts';
import type { Command } from './request.ts';

/** The `commitTransaction` command (manual: reference/command/commitTransaction). */
export const commitTransaction: Command = async ({ engine, command }) => {
  await engine.sessions.commit(command);
  return { ok: 1 };
};

/** The `abortTransaction` command (manual: reference/command/abortTransaction). */
export const abortTransaction: Command = ({ engine, command }) => {
  engine.sessions.abort(command);
  return { ok: 1 };
};

/** The `endSessions` and `killSessions` commands: what the sessions had open is closed. */
export const endSessions: Command = ({ engine, command, name }) => {
  const ids = Array.isArray(command[name]) ? command[name] : [];
  for (const lsid of ids) {
    const session = isDocument(lsid) ? sessionOf({ lsid }) : undefined;
    if (session === undefined) continue;
    engine.sessions.abandon(session);
    engine.cursors.killSession(session);
  }
  return { ok: 1 };
};

/**
 * The `killAllSessions` command (manual: reference/command/killAllSessions): what anybody has open is closed.
 * @throws CommandError 14 for what is no list, 238 for a list of users, for there is but one
 */
export const killAllSessions: Command = ({ engine, command, name }) => {
  const users = command[name];
  if (!Array.isArray(users))
    throw new CommandError(14, "BSON field 'killAllSessions.killAllSessions' is the wrong type, expected type 'array'");
  if (users.length > 0) throw unsupported('killAllSessions of some users');
  engine.sessions.abandonAll();
  engine.cursors.killSessions();
  return { ok: 1 };
};
