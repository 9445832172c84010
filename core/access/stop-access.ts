import { writeKeyUses } from './key-usage.ts';
import { emptyPurses } from './limits/spend.ts';

/** Writes what this process still keeps in memory: uses of API keys, and quota that it took and did not use. */
export async function stopAccess(): Promise<void> {
  await writeKeyUses();
  await emptyPurses();
}
