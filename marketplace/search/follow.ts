import { trusted } from '../../core/database/mongoose.ts';
import { Package } from '../models/package.ts';
import { SearchIndex } from './search-index.ts';

/** Read again what changed in the last seconds before the newest change seen: clocks of nodes differ, commits overtake. */
const overlapMs = 10_000;

/** The index of this node, kept up with the database. */
export interface FollowedIndex {
  index: SearchIndex;
  /** Takes in everything that changed; nothing is read twice at once. */
  update(): Promise<void>;
}

/** Builds the index of this node from every package, and follows their changes from then on by `update`. */
export function followPackages(hostVersion: string): FollowedIndex {
  const index = new SearchIndex(hostVersion);
  let seen = new Map<string, number>();
  let newest = 0;
  /** when the last look that succeeded began */
  let looked = 0;
  let running: Promise<void> | null = null;

  async function read(): Promise<void> {
    // What changed long before the last look cannot turn up any more, so it is not read again with every look.
    const since = new Date(newest === 0 ? 0 : Math.max(newest - overlapMs, looked - 3 * overlapMs));
    const now = Date.now();
    const recent = new Map<string, number>();
    for await (const found of Package.find({ changed_at: trusted({ $gte: since }) }, { icon: 0, permissions_text: 0 })
      .sort({ changed_at: 1 })
      .lean()
      .cursor({ batchSize: 2_000 })) {
      const at = found.changed_at.getTime();
      if (seen.get(found._id) !== at) index.put(found);
      newest = Math.max(newest, at);
      recent.set(found._id, at);
    }
    looked = now;
    seen = new Map([...recent].filter(([, at]) => at >= newest - overlapMs));
  }

  return {
    index,
    async update() {
      running ??= read().finally(() => {
        running = null;
      });
      await running;
    },
  };
}
