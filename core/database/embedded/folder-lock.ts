import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Makes this process the only owner of a data folder until `release`, or until it dies: the lock is one of the operating
 * system, held through SQLite, so that `kill -9` leaves none behind.
 *
 * @throws Error when another process has it; the message names the process and the ways out
 */
export function lockFolder(folder: string): { release: () => void } {
  const sqlite = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
  const note = join(folder, 'owner.json');
  try {
    sqlite.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    sqlite.close();
    if (!/locked|busy/i.test((error as Error).message)) throw error;
    throw new Error(
      `The data folder ${folder} is in use ${owner(note)}. Stop that process, or serve the database to several hosts with \`patchbay-host database\` and set MONGODB_URI to the address that it prints`,
    );
  }
  writeFileSync(note, JSON.stringify({ pid: process.pid, started_at: new Date().toISOString() }), { mode: 0o600 });
  return {
    release: () => {
      if (sqlite.isOpen) sqlite.close();
    },
  };
}

function owner(note: string): string {
  try {
    const { pid, started_at } = JSON.parse(readFileSync(note, 'utf8'));
    return `by process ${Number(pid)} since ${String(started_at).slice(0, 30)}`;
  } catch {
    // The owner has the lock and is about to write its note.
    return 'by another process';
  }
}
