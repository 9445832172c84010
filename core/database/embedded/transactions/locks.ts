import type { Collection } from '../storage/catalog.ts';
import type { Transaction } from './transaction.ts';

/** MongoDB gives this label to what a client may simply try again (manual: core/transactions). */
export const TRANSIENT = 'TransientTransactionError';

/**
 * Which open transaction has changed which document or holds which unique key, and when documents last changed: enough to
 * find the conflicts that MongoDB finds (manual: core/transactions, "In-progress Transactions and Write Conflicts").
 */
export class Locks {
  #holders = new Map<string, Transaction>();
  #changes = new Map<string, number>();
  #open = new Set<Transaction>();

  /** Whether any transaction is open: without one there is nothing to check or to note. */
  get idle(): boolean {
    return this.#open.size === 0;
  }

  begin(transaction: Transaction): void {
    this.#open.add(transaction);
  }

  end(transaction: Transaction): void {
    this.#open.delete(transaction);
    for (const name of transaction.held) this.#holders.delete(name);
    if (this.idle) this.#changes.clear();
  }

  holder(name: string): Transaction | undefined {
    return this.#holders.get(name);
  }

  take(name: string, transaction: Transaction): void {
    this.#holders.set(name, transaction);
    transaction.held.add(name);
  }

  /** Notes that a document was changed by the commit with this number. */
  noteChange(name: string, sequence: number): void {
    if (!this.idle) this.#changes.set(name, sequence);
  }

  /** Whether a document was changed after the commit with this number. */
  changedSince(name: string, sequence: number): boolean {
    return (this.#changes.get(name) ?? 0) > sequence;
  }
}

/** The name of a document in the locks. */
export function documentName({ id }: Collection, row: number): string {
  return `d${id}:${row}`;
}

/** The name of a unique key in the locks. */
export function keyName(index: { id: number }, key: Buffer): string {
  return `i${index.id}:${key.toString('latin1')}`;
}
