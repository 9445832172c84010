import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from './errors.ts';

/** Who may log in over TCP, where the operating system does not tell users apart. */
export type Login = { user: string; password: string };

/**
 * One salt for as long as this process serves, as MongoDB keeps one per user: then a password is stretched once here and
 * once in each client, and not for every connection, of which drivers open many.
 */
const SALT = randomBytes(28);
const stretched = new Map<string, Buffer>();

const USER = 'patchbay';

/** The rounds of PBKDF2, as MongoDB uses for SCRAM-SHA-256. */
const ITERATIONS = 15_000;

/** The login of a folder: its password is made at first and kept beside the database with mode 0600. */
export function loginOf(folder: string): Login {
  const file = join(folder, 'secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  return { user: USER, password: readFileSync(file, 'utf8').trim() };
}

/** The commands that a client may send before it has logged in. */
export const BEFORE_LOGIN = ['hello', 'ismaster', 'saslstart', 'saslcontinue', 'ping', 'buildinfo'];

/** One login under way: what the client proves is bound to both nonces. */
export type Conversation = { step: 'proof' | 'done'; authMessage: string; nonce: string };

/**
 * Answers the first message of SCRAM-SHA-256 (RFC 5802, RFC 7677).
 * @throws CommandError 18 for another user or a message that is not well formed
 */
export function beginLogin({ user }: Login, payload: Buffer): { conversation: Conversation; payload: Buffer } {
  const match = /^n,[^,]*,(n=([^,]*),r=([^,]+).*)$/.exec(payload.toString());
  if (!match || match[2] !== user) throw refused();
  const nonce = `${match[3]}${randomBytes(24).toString('base64')}`;
  const first = `r=${nonce},s=${SALT.toString('base64')},i=${ITERATIONS}`;
  return {
    conversation: { step: 'proof', authMessage: `${match[1]},${first}`, nonce },
    payload: Buffer.from(first),
  };
}

/**
 * Checks the client's proof and gives the server's.
 * @throws CommandError 18 for a wrong one
 */
export function finishLogin({ password }: Login, conversation: Conversation, payload: Buffer): Buffer {
  const match = /^(c=biws,r=([^,]+)),p=([^,]+)$/.exec(payload.toString());
  if (!match || match[2] !== conversation.nonce) throw refused();
  const salted = stretched.get(password) ?? pbkdf2Sync(password, SALT, ITERATIONS, 32, 'sha256');
  stretched.set(password, salted);
  const clientKey = hmac(salted, 'Client Key');
  const message = `${conversation.authMessage},${match[1]}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
  const expected = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)));
  const proof = Buffer.from(match[3] ?? '', 'base64');
  if (proof.length !== expected.length || !timingSafeEqual(proof, expected)) throw refused();
  conversation.step = 'done';
  return Buffer.from(`v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function refused(): CommandError {
  return new CommandError(18, 'Authentication failed.');
}
