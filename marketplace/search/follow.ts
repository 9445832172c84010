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
  let running: Promise<void> | null = null;

  async function read(): Promise<void> {
    const since = new Date(Math.max(0, newest - overlapMs));
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
