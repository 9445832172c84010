import { log } from '../log.ts';
import { ApiKey } from './model.ts';

const everyMs = 60_000;
interface Use {
  /** not written yet */
  count: number;
  last: number;
  written: number;
}
const uses = new Map<string, Use>();

/** Notes that a key was used. The database hears of the first use at once, of the rest once a minute. */
export function noteKeyUse(id: string): void {
  const now = Date.now();
  const use = uses.get(id) ?? { count: 0, last: now, written: 0 };
  use.count += 1;
  use.last = now;
  uses.set(id, use);
  if (now - use.written >= everyMs)
    write(id, use).catch((error: unknown) =>
      log.warn({ err: error, key_id: id }, 'the use of an API key was not noted'),
    );
}

/** Uses of a key that this process has seen and not written yet. */
export function unwrittenUses(id: string): { count: number; last: Date | null } {
  const use = uses.get(id);
  return use && use.count > 0 ? { count: use.count, last: new Date(use.last) } : { count: 0, last: null };
}

/** Writes what is left, when the host stops. */
export async function writeKeyUses(): Promise<void> {
  for (const [id, use] of uses) if (use.count > 0) await write(id, use);
}

async function write(id: string, use: Use): Promise<void> {
  const { count, last } = use;
  use.count = 0;
  use.written = Date.now();
  try {
    await ApiKey.updateOne({ _id: id }, { $set: { last_used_at: new Date(last) }, $inc: { usage_count: count } });
  } catch (error) {
    use.count += count;
    throw error;
  }
}
