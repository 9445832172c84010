import { type ClaimMemory, claim } from '../../core/jobs/claim.ts';
import { definedJobs, defineJob, type JobDefinition, type JobKind } from '../../core/jobs/define-job.ts';
import { enqueue, type NewJob } from '../../core/jobs/enqueue.ts';
import { GroupLimits } from '../../core/jobs/group-limits.ts';
import { Job, type JobRow } from '../../core/jobs/model.ts';
import { startWorkers, type Workers, type WorkersOptions } from '../../core/jobs/start-workers.ts';

let made = 0;

/** A kind of its own for a test, so that no other test's workers take its jobs for theirs. */
export function newKind(definition: Partial<JobDefinition<any>> = {}): string {
  const kind = `test.${process.pid}.${++made}`;
  defineJob(kind, { handle: async () => {}, ...definition });
  return kind;
}

export function kindOf(kind: string): JobKind {
  const found = definedJobs().find((one) => one.kind === kind);
  if (!found) throw new Error(`no kind ${kind}`);
  return found;
}

/** Enqueues jobs of a kind, each with what it differs in; answers their ids. */
export function add(kind: string, ...jobs: Partial<NewJob>[]): Promise<string[]> {
  return enqueue((jobs.length > 0 ? jobs : [{}]).map((job) => ({ kind, workspace_id: 'w1', data: null, ...job })));
}

export function newMemory(): ClaimMemory {
  return { after: '', contended: false, groups: new GroupLimits() };
}

/** Claims as a worker does that then dies: nobody renews, nobody settles. */
export async function claimAndDie(
  kind: string,
  room = 100,
  lease_ms = 60_000,
  memory: ClaimMemory = newMemory(),
): Promise<JobRow[]> {
  const { jobs } = await claim(kindOf(kind), room, memory, { has: () => false, byWorkspace: new Map() }, lease_ms);
  return jobs;
}

export async function job(id: string): Promise<JobRow> {
  const row = await Job.findById(id).lean<JobRow>();
  if (!row) throw new Error(`no job ${id}`);
  return row;
}

/** Runs workers while `fn` does, then stops them. */
export async function working<T>(fn: (workers: Workers) => Promise<T>, options: WorkersOptions = {}): Promise<T> {
  const workers = startWorkers({ poll_ms: 50, lease_ms: 3000, ...options });
  try {
    return await fn(workers);
  } finally {
    await workers.stop(2000);
  }
}

/** Waits until something is so; the test's own time limit says when that is given up. */
export async function until(what: () => unknown): Promise<void> {
  while (!(await what())) await sleep(10);
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Workers until all of the jobs are in a state. */
export function runTo(state: JobRow['state'], ids: string[], options?: WorkersOptions): Promise<void> {
  return working(
    () => until(async () => (await Promise.all(ids.map(job))).every((row) => row.state === state)),
    options,
  );
}
