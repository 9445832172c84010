import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { afterCommit, transaction } from '../database/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { Job, type JobRow } from './model.ts';
import { wake } from './wake.ts';

/**
 * Gives a dead job a new life: no attempts, no losses, ready at once. Its order key is dropped, because those behind
 * it went on without it.
 *
 * @param workspace_id whose job it must be
 * @throws Failure not_found; conflict when the job is not dead
 */
export async function retryJob(caller: Caller, workspace_id: string, id: string): Promise<JobRow> {
  return transaction(async () => {
    const job = await Job.findOneAndUpdate(
      { _id: id, workspace_id, state: 'dead' },
      {
        $set: {
          state: 'ready',
          until: null,
          attempts: 0,
          losses: 0,
          finished_at: null,
          order_key: null,
          order_seq: null,
        },
      },
      { returnDocument: 'after' },
    ).lean<JobRow>();
    if (!job) {
      const other = await Job.findOne({ _id: id, workspace_id }, { state: 1 }).lean();
      if (!other) throw new Failure('not_found', { message: 'There is no such job' });
      throw new Failure('conflict', { message: `The job is ${other.state}; only dead ones can be tried again` });
    }
    await audit({ workspace_id, caller, action: 'job.retried', target: { kind: 'job', id, name: job.kind } });
    afterCommit(() => wake({ kind: job.kind, at: 0 }));
    return job;
  });
}
