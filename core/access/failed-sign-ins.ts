import { transaction } from '../database/transaction.ts';
import { log } from '../log.ts';
import { auditPerson } from './audit-person.ts';
import type { UserDoc } from './model.ts';
import type { Origin } from './sessions.ts';

type Failed = { user: Pick<UserDoc, '_id' | 'email'>; origin: Origin };

const writeAfterMs = 500;
const waiting: Failed[] = [];
let timer: NodeJS.Timeout | undefined;

/**
 * Notes for the audit log that somebody failed to sign in to an account. It is written a moment later and together with
 * others: work that only accounts have which are there must not show in how long an answer takes.
 */
export function noteFailedSignIn(user: Failed['user'], origin: Origin): void {
  waiting.push({ user: { _id: user._id, email: user.email }, origin });
  timer ??= setTimeout(() => {
    void writeFailedSignIns();
  }, writeAfterMs);
}

/** Writes what is waiting: also when the host stops. */
export async function writeFailedSignIns(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const failed = waiting.splice(0);
  if (failed.length === 0) return;
  await transaction(async () => {
    for (const { user, origin } of failed) await auditPerson(user, 'user.sign_in_failed', origin);
  }).catch((error: unknown) =>
    log.error({ err: error, count: failed.length }, 'failed sign-ins were not noted in the audit log'),
  );
}
