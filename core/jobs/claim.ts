import { newId } from '../database/id.ts';
import { databaseTime } from './clock.ts';
import type { JobKind } from './define-job.ts';
import type { GroupLimits } from './group-limits.ts';
import { keepWithinCaps, limitGroups } from './limit-groups.ts';
import { Job, type JobRow } from './model.ts';
import { claimMove } from './moves.ts';

/** What a worker remembers of a kind between its claims. */
export interface ClaimMemory {
  /** the workspace that was served last, or that the last full window ended in: the next window starts after it */
  after: string;
  /** true when others won most of what was wanted: then the choice is shuffled */
  contended: boolean;
  groups: GroupLimits;
}

export interface Claimed {
  jobs: JobRow[];
  lease: string;
  until: number;
  /** true when there may be more that is ready */
  more: boolean;
}

type Candidate = Pick<JobRow, '_id' | 'workspace_id' | 'group'>;

/**
 * Claims up to `room` ready jobs of a kind: reads a window of ready ids, leases the chosen ones with one update, and
 * reads what was won.
 *
 * @param held what this process has in hand: a job whose lease it lost is not claimed by it again
 *   while its first handler still runs, and no workspace takes more than three quarters of a kind's places
 */
export async function claim(
  kind: JobKind,
  room: number,
  memory: ClaimMemory,
  held: { has(id: string): boolean; byWorkspace: ReadonlyMap<string, number> },
  lease_ms: number,
): Promise<Claimed> {
  const size = Math.min(1000, Math.max(room * 2, kind.group_concurrency ? 200 : 20));
  const candidates = await readWindow(kind.kind, size, memory);
  const more = candidates.length >= size;
  const nothing = { jobs: [], lease: '', until: 0, more };
  const free = candidates.filter((candidate) => !held.has(candidate._id));
  if (free.length === 0) return nothing;

  const open = await limitGroups(kind, free, memory.groups, (count) => more && count < room);
  const chosen = chooseFairly(memory.contended ? shuffle(open) : open, room, share(kind), held.byWorkspace);
  // A window that holds everything would start with the same workspace for ever: the last one served goes to its end.
  if (!more) memory.after = chosen.length < open.length ? (chosen.at(-1)?.workspace_id ?? '') : '';
  if (chosen.length === 0) return { ...nothing, more: more || open.length > 0 || free.length > open.length };

  const lease = newId('lse');
  const ids = chosen.map((candidate) => candidate._id);
  const until = (await databaseTime()) + lease_ms;
  const move = claimMove(ids, lease, new Date(until));
  const { modifiedCount } = await Job.collection.updateMany(move.filter, move.update);
  memory.contended = modifiedCount * 2 < ids.length;
  if (modifiedCount === 0) return { ...nothing, more: true };
  const rows = (await Job.collection
    .find({ _id: { $in: ids } as never, lease })
    .batchSize(ids.length)
    .toArray()) as unknown as JobRow[];
  const jobs = await keepWithinCaps(kind, inOrderOf(ids, rows), memory.groups);
  return { jobs, lease, until, more: more || free.length > chosen.length };
}

/** Ready ids, workspace after workspace from where the last window ended; around the corner when it ends early. */
async function readWindow(kind: string, size: number, memory: ClaimMemory): Promise<Candidate[]> {
  const from = memory.after;
  const read = (range: object | null, limit: number): Promise<Candidate[]> =>
    Job.collection
      .find(
        { state: 'ready', kind, ...(range && { workspace_id: range }) },
        { projection: { _id: 1, workspace_id: 1, group: 1 } },
      )
      .sort({ workspace_id: 1, priority: 1, run_at: 1 })
      .limit(limit)
      .batchSize(limit)
      .toArray() as unknown as Promise<Candidate[]>;
  const window = from === '' ? await read(null, size) : await read({ $gt: from }, size);
  if (window.length >= size) {
    memory.after = window.at(-1)?.workspace_id ?? '';
    return window;
  }
  memory.after = '';
  if (from === '') return window;
  const rest = await read({ $lte: from }, size - window.length);
  if (window.length + rest.length >= size) memory.after = rest.at(-1)?.workspace_id ?? '';
  return [...window, ...rest];
}

/**
 * One job from each workspace in turn, until there is no room; first those that have the fewest places, as the window
 * has them. No workspace gets more than its share of the places.
 */
function chooseFairly(
  candidates: Candidate[],
  room: number,
  places: number,
  heldByWorkspace: ReadonlyMap<string, number>,
): Candidate[] {
  const lines = [...Map.groupBy(candidates, (candidate) => candidate.workspace_id)].map(([workspace, line]) => {
    const has = heldByWorkspace.get(workspace) ?? 0;
    return { has, waiting: line.slice(0, Math.max(0, places - has)) };
  });
  // A stable sort over "places it would have with this one": its nth waiting job comes after n more places.
  return lines
    .flatMap(({ has, waiting }) => waiting.map((candidate, nth) => ({ candidate, place: has + nth })))
    .sort((a, b) => a.place - b.place)
    .slice(0, room)
    .map(({ candidate }) => candidate);
}

function share(kind: JobKind): number {
  return Math.max(1, Math.ceil(kind.concurrency * 0.75));
}

function shuffle<T>(list: T[]): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

function inOrderOf(ids: string[], jobs: JobRow[]): JobRow[] {
  const place = new Map(ids.map((id, index) => [id, index]));
  return jobs.sort((a, b) => (place.get(a._id) ?? 0) - (place.get(b._id) ?? 0));
}
