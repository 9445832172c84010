import { keptUntil } from './kept.ts';
import type { JobRow } from './model.ts';

/** What a handler can say other than "done" (returning nothing) and "failed" (throwing). */
export type Outcome = undefined | Again;

/** Run again later, without an attempt being counted: waiting for a vendor, the next piece of long work. */
export class Again {
  readonly when: Date | { in_ms: number };
  readonly data: unknown;
  /**
   * @param when a time of the database's clock, or so long from now by it: never reckoned from a host's own clock
   * @param data replaces the job's data, when given
   */
  constructor(when: Date | { in_ms: number }, data?: unknown) {
    this.when = when;
    this.data = data;
  }
}

export interface JobContext {
  /** aborted when the lease is lost, the time is up, or the host stops and waits no longer */
  signal: AbortSignal;
  fence: number;
  /** this attempt, from 1; a lost lease counts like a failure here */
  attempt: number;
  /** the time of the database, in ms since 1970 */
  now(): Promise<number>;
  /**
   * Runs `fn` in a transaction that holds only while this claim does: what it writes and the job's fence are one.
   * With `finish` the job is done in the same transaction, so that its effect happens exactly once.
   *
   * @throws StaleLease when the job is no longer this worker's; nothing is written then
   */
  commit<T>(fn: () => Promise<T>, options?: { finish?: boolean }): Promise<T>;
  /**
   * Adds a write that is made together with how the job ends, or not at all when the lease was lost. Those of many
   * jobs go in one transaction; counts (`$inc`) of the same document are added up first.
   */
  record(model: Recorded, write: RecordedWrite): void;
}

/** What `record` needs of a mongoose model. */
export interface Recorded {
  modelName: string;
  // biome-ignore lint/suspicious/noExplicitAny: mongoose's own signature is generic in the model's document
  bulkWrite(operations: any[], options?: { ordered?: boolean; timestamps?: boolean }): Promise<unknown>;
}

export interface RecordedWrite {
  filter: Record<string, unknown>;
  update: Record<string, Record<string, unknown>>;
}

export interface JobDefinition<Data> {
  /** how many run at once in one process; 10 unless given */
  concurrency?: number;
  /** how many of one group run at once, over all nodes; no cap unless given */
  group_concurrency?: number;
  /** how many of groups that are slow, or not yet known to be quick, run at once in one process; no limit unless given */
  slow_concurrency?: number;
  /** handler failures until it is dead; 5 unless given */
  max_attempts?: number;
  /**
   * how often its workers may die or lose it until it is dead, because it is likely what kills them; 10 unless given.
   * More for jobs that only ever die with others, hundreds of them at once in a process that is killed.
   */
  max_losses?: number;
  /** waits before the next attempt, full jitter; first 1 s, doubled each time, at most 5 min unless given */
  backoff?: { base_ms?: number; cap_ms?: number };
  /** how long one run may take; 10 minutes unless given */
  timeout_ms?: number;
  /** how long the finished job is kept, so that its id stays taken; a day unless given */
  keep_done_s?: number;
  // biome-ignore lint/suspicious/noConfusingVoidType: most handlers return nothing, and should not have to say so
  handle(job: JobRow & { data: Data }, context: JobContext): Promise<Outcome | void>;
  /** called once when it is dead: after the last attempt, or when its workers died too often */
  died?(job: JobRow & { data: Data }, error: { type: string; message: string }): Promise<void>;
}

export interface JobKind
  extends Required<Omit<JobDefinition<unknown>, 'died' | 'backoff' | 'group_concurrency' | 'slow_concurrency'>> {
  kind: string;
  group_concurrency: number | null;
  slow_concurrency: number | null;
  backoff: { base_ms: number; cap_ms: number };
  died: JobDefinition<unknown>['died'];
}

const kinds = new Map<string, JobKind>();

/**
 * Says how the jobs of a kind are run; once per kind and process, before `startWorkers()`.
 *
 * @example
 * defineJob<{ user_id: string }>('mail.welcome', { handle: async (job) => { await greet(job.data.user_id) } })
 */
export function defineJob<Data>(kind: string, definition: JobDefinition<Data>): void {
  kinds.set(kind, {
    kind,
    concurrency: definition.concurrency ?? 10,
    group_concurrency: definition.group_concurrency ?? null,
    slow_concurrency: definition.slow_concurrency ?? null,
    max_attempts: definition.max_attempts ?? 5,
    max_losses: definition.max_losses ?? 10,
    backoff: { base_ms: definition.backoff?.base_ms ?? 1000, cap_ms: definition.backoff?.cap_ms ?? 300_000 },
    timeout_ms: definition.timeout_ms ?? 600_000,
    keep_done_s: definition.keep_done_s ?? keptUntil('finished jobs', 0).getTime() / 1000,
    handle: definition.handle as JobKind['handle'],
    died: definition.died as JobKind['died'],
  });
}

/** The kinds that this process runs. */
export function definedJobs(): JobKind[] {
  return [...kinds.values()];
}
