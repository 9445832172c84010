import { log } from '../log.ts';
import { connection, trusted } from './mongoose.ts';
import { News } from './news-model.ts';
import { afterCommit } from './transaction.ts';

/** A write becomes visible at its commit, later than the time it bears; no transaction lasts longer than this. */
const overlapMs = 70_000;
/** How often the database's time is asked for. Should its clock be set back, what is new is missed for so long. */
const clockCheckMs = 5_000;
/** Without a successful look for this long, what this node keeps in memory may be out of date. */
const deafMs = 3_000;

type Listener = (workspace_id: string | null) => void;

const listeners = new Set<Listener>();

/**
 * Tells every node that something of a workspace changed (`site`: outside all workspaces). Call it in the transaction
 * of the change: it is heard when, and only when, that is committed; on this node at once, elsewhere within 250 ms.
 */
export async function announce(workspace_id: string): Promise<void> {
  await News.updateOne({ _id: workspace_id }, { $inc: { version: 1 }, $currentDate: { at: true } }, { upsert: true });
  afterCommit(() => tell(workspace_id));
}

export interface NewsLoop {
  /** The workspace that changed, or null when news may have been missed: forget everything then. */
  on(listener: Listener): void;
  /** true while this node hears of what others change */
  alive(): boolean;
  stop(): void;
}

/** Looks for other nodes' news every `everyMs` milliseconds until stopped. One per process. */
export function followNews({ everyMs }: { everyMs: number }): NewsLoop {
  const seen = new Map<string, number>();
  const clock = databaseClock();
  let since = new Date(0);
  let heard = performance.now();
  // What was read before the first look may have changed before it.
  let missed = true;
  let stopped = false;

  const look = async (): Promise<void> => {
    const now = await clock();
    if (now < since.getTime() + overlapMs) since = new Date(now - overlapMs);
    const rows = await News.find({ at: trusted({ $gte: since }) }).lean();
    if (missed) tell(null);
    let newest = since.getTime() + overlapMs;
    for (const { _id, version, at } of rows) {
      newest = Math.max(newest, at.getTime());
      if (seen.get(_id) !== version && !missed) tell(_id);
      seen.set(_id, version);
    }
    missed = false;
    since = new Date(Math.min(newest, now) - overlapMs);
    heard = performance.now();
  };

  void (async () => {
    while (!stopped) {
      try {
        await look();
      } catch (error) {
        if (performance.now() - heard > deafMs && !missed) {
          missed = true;
          log.warn(
            { err: error },
            'news of other nodes cannot be read; everything kept in memory is dropped when they can',
          );
        }
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();

  return {
    on: (listener) => void listeners.add(listener),
    alive: () => !stopped && performance.now() - heard < deafMs,
    stop: () => {
      stopped = true;
      listeners.clear();
    },
  };
}

/** The time of the database, as asked for every few seconds: whatever it says, no look begins later than that. */
function databaseClock(): () => Promise<number> {
  let offset = 0;
  let asked = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - asked >= clockCheckMs) {
      const { localTime } = await connection.getClient().db('admin').command({ hello: 1 });
      offset = (localTime as Date).getTime() - performance.now();
      asked = performance.now();
    }
    return performance.now() + offset;
  };
}

function tell(workspace_id: string | null): void {
  for (const listener of listeners) listener(workspace_id);
}
