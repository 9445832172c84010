import { findPackage, findPublisher } from '../../marketplace/index.ts';
import { Release } from '../../marketplace/models/release.ts';
import { mustBelong } from '../../marketplace/publishers/find-publisher.ts';
import { trusted } from '../database/mongoose.ts';
import type { Caller } from '../http/caller.ts';
import { Installation } from '../installations/model.ts';
import { measuredHealth } from '../invocations/measured-health.ts';
import { Invocation } from '../invocations/model.ts';
import { actorOf } from './actor.ts';

const windowMs = 7 * 86_400_000;

/**
 * How a package is used on this site: installs, spread of versions, downloads, groups of errors. Counts only: no
 * workspace, no input and no output of anybody.
 *
 * @throws Failure `forbidden` for others than members of its publisher, reviewers and operators
 */
export async function packageStats(caller: Caller, name: string) {
  const listing = await findPackage(name);
  if (!caller.site_roles.includes('reviewer')) mustBelong(await findPublisher(listing.publisher), actorOf(caller));
  const [installs, releases, failures, health] = await Promise.all([
    Installation.find({ name }, { version: 1 }).lean(),
    Release.find({ name }, { version: 1, download_count: 1 }).lean(),
    Invocation.find(
      {
        plugin: name,
        started_at: trusted({ $gte: new Date(Date.now() - windowMs) }),
        status: trusted({ $ne: 'succeeded' }),
      },
      { error: 1, version: 1, handler: 1, started_at: 1 },
    )
      .sort({ started_at: -1 })
      .limit(5000)
      .lean(),
    measuredHealth([name]),
  ]);
  const groups = Map.groupBy(failures, ({ error, handler, version }) =>
    JSON.stringify([version, handler, error?.type ?? 'failed', shapeOf(error?.message ?? '')]),
  );
  return {
    name,
    installs: installs.length,
    versions: countBy(installs.map(({ version }) => version)),
    downloads: Object.fromEntries(releases.map(({ version, download_count }) => [version, download_count])),
    errors: [...groups.values()]
      .sort((a, b) => b.length - a.length)
      .slice(0, 50)
      .map((group) => ({
        version: group[0]?.version ?? '',
        handler: group[0]?.handler ?? '',
        type: group[0]?.error?.type ?? 'threw',
        message: shapeOf(group[0]?.error?.message ?? ''),
        count: group.length,
        last_at: group[0]?.started_at.toISOString() ?? '',
      })),
    health: health.get(name) ?? null,
  };
}

/** An error's message without what differs from one time to the next: numbers, ids, what stands in quotes. */
function shapeOf(message: string): string {
  return message
    .replaceAll(/"[^"]*"|'[^']*'/g, '"…"')
    .replaceAll(/\b[0-9a-f]{8,}\b|\d+/gi, '#')
    .slice(0, 200);
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
