import { AsyncLocalStorage } from 'node:async_hooks';
import { connection } from './mongoose.ts';

/** What waits for the commit of the transaction under way in this async context. */
const inside = new AsyncLocalStorage<(() => void)[]>();

/**
 * Runs `fn` in one transaction that every model operation inside joins by itself; a nested call joins the outer one.
 * The driver runs it again on a TransientTransactionError, so nothing but the database may be awaited inside.
 *
 * @throws whatever `fn` throws, after everything it wrote has been undone
 */
export async function transaction<T>(fn: () => Promise<T>): Promise<T> {
  if (inside.getStore()) return fn();
  let done: { value: T; waiting: (() => void)[] } | undefined;
  await connection.transaction(async () => {
    const waiting: (() => void)[] = [];
    done = { value: await inside.run(waiting, fn), waiting };
  });
  if (!done) throw new Error('the transaction ended without running');
  for (const call of done.waiting) call();
  return done.value;
}

/** Calls `fn` once the transaction under way has been committed, never when it is undone; at once outside of one. */
export function afterCommit(fn: () => void): void {
  const waiting = inside.getStore();
  if (waiting) waiting.push(fn);
  else fn();
}
