import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makePrivateFolder } from './address.ts';
import { FILE } from './engine.ts';
import { lockFolder } from './folder-lock.ts';
import { Connection } from './storage/connection.ts';

/**
 * Copies a database to a file, as it is at one moment, while it is in use or not.
 * @param folder - where the engine's file is: `database` in the data folder
 * @param to - the new file, which must not exist yet
 * @throws Error when there is no database or the file exists
 */
export function backup(folder: string, to: string): void {
  const target = resolve(to);
  if (existsSync(target)) throw new Error(`${target} exists already; choose another file, a backup replaces nothing`);
  const connection = openFile(folder, { readOnly: true });
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    // SQLite copies under one read transaction, so that the copy is of one moment.
    connection.run('VACUUM INTO ?', target);
    chmodSync(target, 0o600);
  } finally {
    connection.close();
  }
}

/**
 * Puts a backup in the place of a database that is not in use; what was there is kept beside it.
 * @returns where the former database is now, or null when there was none
 * @throws Error when the folder is in use or the file is no sound backup
 */
export function restore(folder: string, from: string): string | null {
  makePrivateFolder(folder);
  const lock = lockFolder(folder);
  try {
    const source = resolve(from);
    if (!existsSync(source)) throw new Error(`There is no file ${source}`);
    const staged = join(folder, `${FILE}.restored`);
    rmSync(staged, { force: true });
    const connection = new Connection(source, { readOnly: true });
    try {
      const [state] = connection.get('PRAGMA integrity_check') ?? [];
      if (state !== 'ok') throw new Error(`${source} is damaged: ${String(state).slice(0, 200)}`);
      if (!connection.get("SELECT 1 FROM sqlite_schema WHERE name = 'collections'"))
        throw new Error(`${source} is no backup of Patchbay`);
      connection.run('VACUUM INTO ?', staged);
    } finally {
      connection.close();
    }
    const former = setAside(folder);
    chmodSync(staged, 0o600);
    renameSync(staged, join(folder, FILE));
    return former;
  } finally {
    lock.release();
  }
}

/** Moves the files of a database away, with what was not yet moved from its log. */
function setAside(folder: string): string | null {
  const file = join(folder, FILE);
  if (!existsSync(file)) return null;
  const former = `${file}.before-${new Date().toISOString().replaceAll(':', '-')}`;
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, former + suffix);
  return former;
}

/** Opens the file of a database that may be in use. @throws Error when there is none */
export function openFile(folder: string, options: { readOnly: boolean }): Connection {
  const file = join(folder, FILE);
  if (!existsSync(file))
    throw new Error(`There is no database in ${resolve(folder)}; PATCHBAY_DATA names the data folder`);
  return new Connection(file, options);
}
