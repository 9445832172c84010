import { Binary } from 'bson';
import { CommandError } from '../errors.ts';
import { beginLogin, finishLogin } from '../login.ts';
import type { Document, Value } from '../values/document.ts';
import type { Command } from './request.ts';

/** The `saslStart` command: SCRAM-SHA-256 only. */
export const saslStart: Command = ({ engine, command, connection }) => {
  if (!engine.login || command.mechanism !== 'SCRAM-SHA-256') {
    throw new CommandError(18, 'Only SCRAM-SHA-256 is supported, and only where a login is asked for');
  }
  const { conversation, payload } = beginLogin(engine.login, bytes(command.payload));
  connection.conversation = conversation;
  return reply(payload, false);
};

/** The `saslContinue` command. */
export const saslContinue: Command = ({ engine, command, connection }) => {
  const { conversation } = connection;
  if (!engine.login || !conversation) throw new CommandError(18, 'No login is under way');
  if (conversation.step === 'done') return reply(Buffer.alloc(0), true);
  const payload = finishLogin(engine.login, conversation, bytes(command.payload));
  connection.loggedIn = true;
  return reply(payload, true);
};

function reply(payload: Buffer, done: boolean): Document {
  return { conversationId: 1, done, payload: new Binary(payload), ok: 1 };
}

function bytes(value: Value): Buffer {
  return value instanceof Binary ? Buffer.from(value.value()) : Buffer.from(String(value ?? ''));
}
