import { join } from 'node:path';
import { ChangeLog } from './changes/change-log.ts';
import { Cursors } from './cursors.ts';
import type { Login } from './login.ts';
import type { Access } from './storage/access.ts';
import { Catalog } from './storage/catalog.ts';
import { CommitQueue } from './storage/commit-queue.ts';
import { Connection } from './storage/connection.ts';
import { directAccess } from './storage/direct-access.ts';
import { checkFormat } from './storage/format.ts';
import { Locks } from './transactions/locks.ts';
import { Sessions } from './transactions/sessions.ts';

/** The name of the engine's file in the data folder. */
export const FILE = 'patchbay.sqlite';

/** The parts of an open database. */
export type Engine = {
  file: string;
  catalog: Catalog;
  queue: CommitQueue;
  changes: ChangeLog;
  locks: Locks;
  sessions: Sessions;
  cursors: Cursors;
  direct: Access;
  startedAt: Date;
  /** Where it is served, as `hello` tells clients. */
  address: string;
  /** What clients must log in with; none on a Unix socket, which only its user can open. */
  login?: Login;
  close: () => void;
};

/** Opens the database in a folder; makes it when there is none. The caller holds the folder's lock. */
export function openEngine(folder: string): Engine {
  const file = join(folder, FILE);
  const connection = new Connection(file);
  checkFormat(connection);
  const catalog = new Catalog(connection);
  const changes = new ChangeLog();
  const queue = new CommitQueue(catalog, changes);
  const locks = new Locks();
  const sessions = new Sessions(file, catalog, queue, locks, changes);
  const cursors = new Cursors();
  return {
    file,
    catalog,
    queue,
    changes,
    locks,
    sessions,
    cursors,
    direct: directAccess(catalog, queue, locks, changes),
    startedAt: new Date(),
    address: '',
    close() {
      queue.close();
      cursors.close();
      sessions.close();
      // Where there is no room for it, the next start reads the log.
      connection.checkpoint();
      connection.close();
    },
  };
}
