import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makePrivateFolder } from './address.ts';
import { FILE } from './engine.ts';
import { lockFolder } from './folder-lock.ts';
import { Connection } from './storage/connection.ts';
import { refuseLaterFormat } from './storage/format.ts';

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
 * Puts a backup in the place of a database that is not in use; what was there is kept beside it. The one takes the other's
 * place in one step: whenever the machine stops, the folder has the former database or the restored one.
 * @returns where the former database is now, or null when there was none
 * @throws Error when the folder is in use, or the file is no sound backup or of a later format
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
      refuseLaterFormat(connection, source);
      connection.run('VACUUM INTO ?', staged);
    } finally {
      connection.close();
    }
    chmodSync(staged, 0o600);
    sync(staged);
    const former = keepFormer(folder);
    renameSync(staged, join(folder, FILE));
    sync(folder);
    return former;
  } finally {
    lock.release();
  }
}

/** Gives the file of a database a second name, with all that is in its log moved into it. */
function keepFormer(folder: string): string | null {
  const file = join(folder, FILE);
  if (!existsSync(file)) return null;
  const former = `${file}.before-${new Date().toISOString().replaceAll(':', '-')}`;
  closeLog(file);
  // A log that could not be moved into a damaged file is kept beside it: it must not be taken for the restored one's.
  for (const suffix of ['-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, former + suffix);
  try {
    linkSync(file, former);
  } catch {
    // Not every file system has links.
    copyFileSync(file, former);
  }
  return former;
}

/** Moves a database's log into its file, which removes the log, if the database is sound enough. */
function closeLog(file: string): void {
  try {
    const connection = new Connection(file);
    connection.checkpoint();
    connection.close();
  } catch {
    // A damaged database is kept as it is.
  }
}

/** Sees to it that a file, or the names in a folder, are on disk. */
function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } catch (error) {
    // Some systems sync no folders.
    if (!['EISDIR', 'EPERM', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(handle);
  }
}

/** Opens the file of a database that may be in use. @throws Error when there is none */
export function openFile(folder: string, options: { readOnly: boolean }): Connection {
  const file = join(folder, FILE);
  if (!existsSync(file))
    throw new Error(`There is no database in ${resolve(folder)}; PATCHBAY_DATA names the data folder`);
  return new Connection(file, options);
}
