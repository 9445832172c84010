import type { ChangeLog } from '../changes/change-log.ts';
import { documentName, keyName, type Locks } from '../transactions/locks.ts';
import type { Document } from '../values/document.ts';
import type { Access } from './access.ts';
import type { Catalog, Collection } from './catalog.ts';
import { Blocked, type CommitQueue } from './commit-queue.ts';
import { bufferOf } from './connection.ts';
import { keysOf } from './index.ts';
import { scan } from './scan.ts';
import { insertRow, removeRow, replaceRow } from './write-document.ts';

/**
 * Reads and writes the committed state. Writes belong into a job of the commit queue. What an open transaction has
 * changed is waited for, as MongoDB does for writes outside of transactions.
 */
export function directAccess(catalog: Catalog, queue: CommitQueue, locks: Locks, changes: ChangeLog): Access {
  const claim = (name: string) => {
    const holder = locks.holder(name);
    if (holder) throw new Blocked(holder.ended);
  };
  const claimDocument = (collection: Collection, row: number) => {
    if (locks.idle) return;
    const name = documentName(collection, row);
    claim(name);
    locks.noteChange(name, queue.sequence);
  };
  const claimKeys = (collection: Collection, document: Document) => {
    if (locks.idle) return;
    for (const index of collection.indexes) {
      if (index.unique) for (const key of keysOf(index, document).keys) claim(keyName(index, key));
    }
  };
  return {
    scan: (collection, plan, first) => scan(catalog.connection, collection, plan, first),
    inOrder: () => true,
    read(collection, row) {
      const cells = catalog.connection.get(`SELECT doc FROM d${collection.id} WHERE r = ?`, row);
      return cells && bufferOf(cells[0]);
    },
    insert(collection, document, bytes) {
      claimKeys(collection, document);
      const row = collection.nextRow++;
      insertRow(catalog, collection, row, document, bytes);
      locks.noteChange(documentName(collection, row), queue.sequence);
      changes.note(collection, { kind: 'insert', document }, bytes.length);
    },
    replace(collection, row, before, after, bytes, whole) {
      claimDocument(collection, row);
      claimKeys(collection, after);
      replaceRow(catalog, collection, row, before, after, bytes);
      const kind = whole ? 'replace' : 'update';
      changes.note(collection, { kind, before, document: after }, 2 * bytes.length);
    },
    remove(collection, row, before) {
      claimDocument(collection, row);
      removeRow(catalog, collection, row, before);
      changes.note(collection, { kind: 'delete', before }, 1000);
    },
  };
}
