import type { Plan } from '../query/plan.ts';
import type { Document } from '../values/document.ts';
import type { Collection } from './catalog.ts';
import type { Row } from './scan.ts';

/**
 * How a command reads and writes documents: directly, which is committed with the command, or within a transaction, which
 * keeps its changes to itself until it commits.
 */
export type Access = {
  /** Reads what a plan finds, in chunks. `sorted` plans are in order only when `inOrder` says so. */
  scan(collection: Collection, plan: Plan, first?: number): Generator<Row[]>;
  /** Whether an index gives documents in its order: not when changes of a transaction are mixed in. */
  inOrder(collection: Collection): boolean;
  /** The document in a row, or undefined when it is gone. */
  read(collection: Collection, row: number): Buffer | undefined;
  insert(collection: Collection, document: Document, bytes: Buffer): void;
  /** @param whole - whether the document is another one, rather than changed by operators: change streams tell the two apart */
  replace(collection: Collection, row: number, before: Document, after: Document, bytes: Buffer, whole?: boolean): void;
  remove(collection: Collection, row: number, before: Document): void;
};
