import { retry } from '../../sdk/flow/retry.ts';
import { log } from '../log.ts';
import type { JobRow } from './model.ts';
import { type Settlement, settle } from './settle.ts';

/** Gathers endings while a write is under way, so that the busier the queue, the fewer commands a job costs. */
export class Settler {
  #waiting: Settlement[] = [];
  #writing: Promise<void> | undefined;
  readonly #settled: (job: JobRow) => void;

  /** @param settled called for each job whose ending is written (or can no longer be) */
  constructor(settled: (job: JobRow) => void) {
    this.#settled = settled;
  }

  add(settlement: Settlement): void {
    this.#waiting.push(settlement);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when nothing waits to be written. */
  async flushed(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #write(): Promise<void> {
    // What ends in the same turn of the event loop goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, 500);
      await writeWithPatience(batch);
      for (const { job } of batch) this.#settled(job);
    }
  }
}

/** Tries for about as long as a lease lasts; after that the jobs are reaped and run again, which is all that can be done. */
async function writeWithPatience(batch: Settlement[]): Promise<void> {
  try {
    await retry(() => settle(batch), { attempts: 8, base_ms: 200, cap_ms: 10_000 });
  } catch (error) {
    log.error({ err: error, jobs: batch.length }, 'Ends of jobs could not be written; their leases will run out');
  }
}
