import { databaseTime } from './clock.ts';
import type { JobKind } from './define-job.ts';
import type { GroupLimits } from './group-limits.ts';
import { Job, type JobRow, Pause } from './model.ts';
import { deferMove, type Move } from './moves.ts';
import { wake } from './wake.ts';

type Candidate = Pick<JobRow, '_id' | 'workspace_id' | 'group'>;

/** Ids by the time until which they wait, to the next whole grain, so that neighbours share one update. */
class Slots extends Map<number, string[]> {
  add(until: number, id: string, grain_ms = 20): void {
    const slot = Math.ceil(until / grain_ms) * grain_ms;
    this.set(slot, [...(this.get(slot) ?? []), id]);
  }

  with(other: Slots): Slots {
    for (const [until, ids] of other) for (const id of ids) this.add(until, id);
    return this;
  }
}

/** How many jobs of a slow group stay in sight beyond those that it may run: enough to go on with when one ends. */
const in_sight = 4;
/** A quick group's place is free again within that; a slow one's turn is not looked for more often than that. */
const quick_wait_ms = 5000;
const slow_wait_ms = 30_000;
/** What waits away comes back together, once a second: one by one, each would cost everybody a look and a claim. */
const away_grain_ms = 1000;

/**
 * Leaves only the candidates whose group may start another one now. Those of a paused group wait until the
 * pause ends. Those over a cap stay, unless they stand in others' way: those of a slow group are read by every claim
 * and started by none, those of a quick one may clog the window, so that what stands behind them is not seen. Then
 * they wait until about the time when the group has a free place. No attempt is counted for that.
 *
 * @param clogged whether too few open ones mean that there may be more behind the window
 */
export async function limitGroups(
  kind: JobKind,
  candidates: Candidate[],
  limits: GroupLimits,
  clogged: (open: number) => boolean,
): Promise<Candidate[]> {
  const groups = [...new Set(candidates.flatMap((candidate) => candidate.group ?? []))];
  if (groups.length === 0) return candidates;
  const now = await databaseTime();
  const cap = kind.group_concurrency;
  const pauses = await Pause.collection
    .find({ _id: { $in: groups } as never, until: { $gt: new Date(now) } })
    .toArray();
  const paused = new Map(pauses.map((pause) => [String(pause._id), (pause.until as Date).getTime()]));
  const open: Candidate[] = [];
  const [waiting, over] = [new Slots(), new Slots()];
  const taken = new Map<string, number>();
  let confined = limits.confinedRunning();
  for (const candidate of candidates) {
    const { group } = candidate;
    if (group === null) {
      open.push(candidate);
      continue;
    }
    const place = limits.running(group) + (taken.get(group) ?? 0);
    const pause = paused.get(group);
    const allowed = cap === null ? Number.POSITIVE_INFINITY : limits.allowed(group, cap);
    const room = confined < limits.confines(group, place, kind.slow_concurrency);
    taken.set(group, (taken.get(group) ?? 0) + 1);
    if (pause !== undefined) {
      waiting.add(pause, candidate._id);
      continue;
    }
    if (place < allowed && room) {
      open.push(candidate);
      if (limits.confined(group)) confined += 1;
      continue;
    }
    const away = limits.slow(group) || !room;
    const limit = room ? allowed : limits.running(group);
    const turns = Math.ceil((place + 1 - limit) / (cap ?? 1));
    // Nobody knows when one of the places for slow groups is free: those without one ask again after a while.
    const turn = room ? turns * limits.took(group) : Math.max(quick_wait_ms, limits.took(group));
    const until = now + clamp(turn, away ? slow_wait_ms : quick_wait_ms);
    if (away && place >= limit + in_sight) waiting.add(until, candidate._id, away_grain_ms);
    else over.add(until, candidate._id);
  }
  const moved = clogged(open.length) ? waiting.with(over) : waiting;
  if (moved.size > 0) await moveAway(kind.kind, moved);
  return open;
}

/**
 * Gives back what exceeds a group's cap over all nodes. Each claimer looks after its own claim is written, so of two
 * that claim at once at least the later one sees both: a cap is never exceeded, at worst both step back for a moment.
 */
export async function keepWithinCaps(kind: JobKind, won: JobRow[], limits: GroupLimits): Promise<JobRow[]> {
  const cap = kind.group_concurrency;
  const groups = [...new Set(won.flatMap((job) => job.group ?? []))];
  if (cap === null || groups.length === 0) return won;
  const surplus = new Map<string, number>();
  for (const [group, count] of await countRunning(kind.kind, groups)) surplus.set(group, count - cap);
  const kept: JobRow[] = [];
  const moves: Move[] = [];
  const now = await databaseTime();
  // From the back, so that the earliest ones stay.
  for (const job of won.toReversed()) {
    const over = job.group === null ? 0 : (surplus.get(job.group) ?? 0);
    if (job.group === null || over <= 0) kept.unshift(job);
    else {
      surplus.set(job.group, over - 1);
      const until = now + clamp(limits.took(job.group) * (0.5 + Math.random()), quick_wait_ms);
      moves.push(deferMove({ id: job._id, lease: String(job.lease), fence: job.fence }, new Date(until)));
      wake({ kind: kind.kind, at: until });
    }
  }
  if (moves.length > 0) {
    await Job.collection.bulkWrite(moves.map((move) => ({ updateOne: move })) as never, { ordered: false });
  }
  return kept;
}

async function countRunning(kind: string, groups: string[]): Promise<Map<string, number>> {
  const rows = await Job.collection
    .find({ state: 'running', kind, group: { $in: groups } }, { projection: { group: 1 } })
    .batchSize(1000)
    .toArray();
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(String(row.group), (counts.get(String(row.group)) ?? 0) + 1);
  return counts;
}

async function moveAway(kind: string, moved: Map<number, string[]>): Promise<void> {
  await Job.collection.bulkWrite(
    [...moved].map(([until, ids]) => ({
      updateMany: {
        filter: { _id: { $in: ids } as never, state: 'ready' },
        update: { $set: { state: 'waiting', until: new Date(until) } },
      },
    })),
    { ordered: false },
  );
  wake({ kind, at: Math.min(...moved.keys()) });
}

function clamp(ms: number, most: number): number {
  return Math.min(most, Math.max(20, ms));
}
