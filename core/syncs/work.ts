import type { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import type { JobContext } from '../jobs/define-job.ts';
import { Sync, type SyncDoc, type SyncError } from './model.ts';
import type { Unit } from './pass.ts';

/** A sync under way, as a step of it works on it. */
export interface Work {
  sync: SyncDoc;
  integration: IntegrationDoc;
  installation: Installation;
  context: JobContext;
  /** ms since 1970: when this step ends and the next one goes on */
  until: number;
  /** whether nothing is known to be stored of this integration but what this sync stored itself */
  is_first: boolean;
}

/** Thrown inside a commit when somebody cancelled or replaced this sync: nothing of the page is written. */
export class Stopped extends Error {}

/**
 * Goes on to the next pass: this one is done, or given up with `error`; joins the caller's transaction.
 *
 * @throws Stopped when somebody cancelled or replaced this sync
 */
export async function moveOn(
  { sync }: Work,
  unit: Unit,
  counted: { done_units?: number; failed_units?: number },
  error?: SyncError,
): Promise<void> {
  const { matchedCount } = await Sync.updateOne(
    { _id: sync._id, running_key: sync.running_key },
    {
      $set: { at_stream: sync.at_stream, at_parent: unit.parent?.key ?? '', tries: 0 },
      $inc: counted,
      ...(error ? { $push: { problems: { $each: [error], $slice: -100 } } } : {}),
    },
  );
  if (matchedCount === 0) throw new Stopped();
}
