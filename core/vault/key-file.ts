import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { VaultError } from './errors.ts';

/** The key file of a data folder. */
export function keyFile(folder: string): string {
  return join(folder, 'encryption.key');
}

/**
 * The master keys in a data folder's key file (one line of 64 hex characters each, newest first); empty without a file.
 *
 * @throws VaultError `bad_key` naming the file, when it is not readable as keys or others may read it
 */
export function readKeyFile(folder: string): Buffer[] {
  const path = keyFile(folder);
  if (!existsSync(path)) return [];
  const mode = statSync(path).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new VaultError('bad_key', `${path} is open to others (mode ${mode.toString(8)}): run chmod 600 ${path}`);
  }
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  if (lines.length === 0 || lines.some((line) => !/^[0-9a-f]{64}$/i.test(line))) {
    throw new VaultError(
      'bad_key',
      `${path} is not a key file: it holds lines of 64 hex characters. Put the saved one back; nothing else opens the secrets in this database.`,
    );
  }
  return lines.map((line) => Buffer.from(line, 'hex'));
}

/** Where the keys of the last rotation are kept, in case a backup from before it has to be opened. */
export function retiredKeyFile(folder: string): string {
  return `${keyFile(folder)}.retired`;
}

/**
 * Writes a key file whole or not at all, with mode 0600 (in a folder of mode 0700 when it has to be made).
 *
 * @param path the data folder's key file unless given
 */
export function writeKeyFile(folder: string, keys: readonly Buffer[], path: string = keyFile(folder)): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, keys.map((key) => `${key.toString('hex')}\n`).join(''));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

/** A new master key: 32 bytes of the system's randomness. */
export function newMasterKey(): Buffer {
  return randomBytes(32);
}
