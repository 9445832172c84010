import { writeFailedSignIns } from './failed-sign-ins.ts';
import { writeKeyUses } from './key-usage.ts';
import { emptyPurses } from './limits/spend.ts';

/** Writes what this process still keeps in memory: failed sign-ins, uses of API keys, quota that it took and did not use. */
export async function stopAccess(): Promise<void> {
  await writeFailedSignIns();
  await writeKeyUses();
  await emptyPurses();
}
