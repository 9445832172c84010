import { databaseTime } from './clock.ts';
import { Job, type JobRow } from './model.ts';
import { renewMove } from './moves.ts';
import { StaleLease } from './stale-lease.ts';

interface Held {
  job: JobRow;
  until: number;
  abort: AbortController;
}

/** What this process has claimed and not yet settled: renewed together, told when it is lost. */
export class Hand {
  readonly #held = new Map<string, Held>();
  readonly #byWorkspace = new Map<string, number>();
  readonly #lease_ms: number;

  constructor(lease_ms: number) {
    this.#lease_ms = lease_ms;
  }

  get size(): number {
    return this.#held.size;
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  get byWorkspace(): ReadonlyMap<string, number> {
    return this.#byWorkspace;
  }

  take(job: JobRow, until: number): AbortController {
    const abort = new AbortController();
    this.#held.set(job._id, { job, until, abort });
    this.#byWorkspace.set(job.workspace_id, (this.#byWorkspace.get(job.workspace_id) ?? 0) + 1);
    return abort;
  }

  drop(job: JobRow): void {
    if (!this.#held.delete(job._id)) return;
    const left = (this.#byWorkspace.get(job.workspace_id) ?? 1) - 1;
    if (left > 0) this.#byWorkspace.set(job.workspace_id, left);
    else this.#byWorkspace.delete(job.workspace_id);
  }

  /** Prolongs every lease; handlers of jobs that are no longer ours are aborted. */
  async renew(): Promise<void> {
    const held = [...this.#held.values()];
    if (held.length === 0) return;
    const now = await databaseTime();
    try {
      const ids = held.map((one) => one.job._id);
      const until = now + this.#lease_ms;
      const move = renewMove(ids, [...new Set(held.map((one) => String(one.job.lease)))], new Date(until));
      const { matchedCount } = await Job.collection.updateMany(move.filter, move.update);
      const ours = matchedCount === held.length ? null : await this.#stillOurs(ids);
      for (const one of held) {
        if (ours === null || ours.has(`${one.job._id} ${one.job.lease}`)) one.until = until;
        else this.#lose(one);
      }
    } catch (error) {
      // While the database does not answer a lease may have run out: then someone else may run the job already.
      for (const one of held) if (one.until <= now) this.#lose(one);
      throw error;
    }
  }

  /** Aborts every handler; their jobs are given back. */
  abortAll(): void {
    for (const { abort } of this.#held.values()) abort.abort(new Error('The host is stopping'));
  }

  async #stillOurs(ids: string[]): Promise<Set<string>> {
    const rows = await Job.collection
      .find({ _id: { $in: ids } as never, state: 'running' }, { projection: { lease: 1 } })
      .toArray();
    return new Set(rows.map((row) => `${row._id} ${row.lease}`));
  }

  #lose(one: Held): void {
    // One whose end is just being written may be gone from the database rightly; its signal is heard by nobody.
    one.abort.abort(new StaleLease(`Job ${one.job._id}`));
  }
}
