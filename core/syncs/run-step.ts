import type { CallError } from '../../sandbox/types.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { backoff } from '../../sdk/flow/retry.ts';
import { trusted } from '../database/mongoose.ts';
import { type Installation, Installation as Installations } from '../installations/model.ts';
import { Integration, type IntegrationDoc } from '../integrations/model.ts';
import { type InvokedStream, invokeStream } from '../invocations/invoke-stream.ts';
import { Again, defineJob, type JobContext } from '../jobs/define-job.ts';
import { dueStreams } from './due-streams.ts';
import { finishSync } from './finish-sync.ts';
import {
  type RecordDoc,
  Record as Records,
  StreamState,
  type StreamStateDoc,
  Sync,
  type SyncDoc,
  type SyncError,
} from './model.ts';
import { beginPass, isUnchanged, parentMark, pullOf, type Unit } from './pass.ts';
import { problemKind } from './problem-kind.ts';
import { ProjectPlaces } from './project-places.ts';
import type { ReadBatch } from './read-batch.ts';
import { type Page, readPage } from './read-page.ts';
import { startSync } from './start-sync.ts';
import { writeBatch } from './store-batch.ts';
import { sweep } from './sweep.ts';

/** A step holds an isolate for at most this long; the next one goes on at the last committed cursor. */
const stepMs = 20_000;
const mostTries = 4;

/** Syncs that run at once in one process. */
const atOnce = 4;
const places = new ProjectPlaces(atOnce - 1);
/** How long a sync waits whose project has no place left; more and less, so that many do not come back at once. */
const placeWait_ms = 4_000;

interface Work {
  sync: SyncDoc;
  integration: IntegrationDoc;
  installation: Installation;
  context: JobContext;
  until: number;
}

/** Thrown inside a commit when somebody cancelled or replaced this sync: nothing of the page is written. */
class Stopped extends Error {}

/** Says how syncs run and when they begin by themselves; composed in `core/work.ts`. */
export function defineSyncJobs(): void {
  defineJob<{ sync_id: string }>('sync.step', {
    concurrency: atOnce,
    group_concurrency: 1,
    max_attempts: 10,
    timeout_ms: 300_000,
    handle: (job, context) => runStep(job.data.sync_id, context),
    died: async (job, error) => {
      const sync = await Sync.findOne({ _id: job.data.sync_id }).lean();
      if (sync?.running_key) await finishSync(sync, { died: error.message });
    },
  });
  defineJob<{ integration_id: string }>('sync.scheduled', {
    max_attempts: 3,
    async handle(job) {
      const integration = await Integration.findOne({
        _id: job.data.integration_id,
        workspace_id: job.workspace_id,
      }).lean();
      if (integration?.status !== 'active') return;
      const streams = await dueStreams(integration);
      if (streams?.length === 0) return;
      try {
        await startSync(integration, {
          sync_type: 'incremental',
          streams,
          force: false,
          cause: { kind: 'schedule', id: integration._id },
        });
      } catch (error) {
        // The last one still runs: the next slot comes.
        if (!(error instanceof Failure) || error.name !== 'sync_cannot_start') throw error;
      }
    },
  });
}

async function runStep(sync_id: string, context: JobContext): Promise<Again | undefined> {
  const sync = await Sync.findOne({ _id: sync_id }).lean();
  if (!sync?.running_key) return undefined;
  const integration = await Integration.findOne({ _id: sync.integration_id, workspace_id: sync.workspace_id }).lean();
  const installation = await Installations.findOne({
    _id: sync.installation_id,
    workspace_id: sync.workspace_id,
  }).lean();
  if (!integration || !installation) return undefined;
  if (sync.cancel_requested) return finishSync(sync, { cancelled: true });
  const leave = places.take(sync.project_id);
  if (!leave) return new Again({ in_ms: placeWait_ms * (0.5 + Math.random()) });
  try {
    return await runUnits({ sync, integration, installation, context, until: Date.now() + stepMs });
  } finally {
    leave();
  }
}

async function runUnits(work: Work): Promise<Again | undefined> {
  const { sync } = work;
  const sync_id = sync._id;
  if (sync.status === 'queued')
    await Sync.updateOne({ _id: sync_id }, { $set: { status: 'running', started_at: sync.started_at ?? new Date() } });
  try {
    for (let unit = await nextUnit(work); unit; unit = await nextUnit(work)) {
      const again = await runUnit(work, unit);
      if (again) return again;
      if (Date.now() > work.until) return new Again({ in_ms: 0 });
    }
    return finishSync((await Sync.findOne({ _id: sync_id }).lean()) as SyncDoc, {});
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const now = await Sync.findOne({ _id: sync_id }).lean();
    if (now?.running_key && now.cancel_requested) await finishSync(now, { cancelled: true });
    return undefined;
  }
}

/** The pass to run now: of a stream with parents, the next parent by its key; `null` when all are done. */
async function nextUnit({ sync, integration, installation }: Work): Promise<Unit | null> {
  for (; sync.at_stream < sync.streams.length; sync.at_stream += 1, sync.at_parent = null) {
    const stream = sync.streams[sync.at_stream] as string;
    const declared = installation.manifest.streams?.[stream];
    if (!declared) continue;
    if (!declared.parent) {
      if (sync.at_parent === null) return { stream, declared, parent: null };
      continue;
    }
    for (let parent = await nextParent(sync, declared.parent.stream); parent; ) {
      const unit = { stream, declared, parent };
      if (!(await isUnchanged(sync, integration, unit))) return unit;
      sync.at_parent = parent.key;
      parent = await nextParent(sync, declared.parent.stream);
    }
  }
  return null;
}

async function nextParent(sync: SyncDoc, stream: string): Promise<RecordDoc | null> {
  return Records.findOne({
    integration_id: sync.integration_id,
    stream,
    deleted_at: null,
    ...(sync.at_parent === null ? {} : { key: trusted({ $gt: sync.at_parent }) }),
  })
    .sort({ key: 1 })
    .lean();
}

/** Reads one pass page by page; each page is stored with its cursor, one page behind the reading at most. */
async function runUnit(work: Work, unit: Unit): Promise<Again | undefined> {
  const { sync, integration, installation, context } = work;
  const state = await beginPass(sync, integration, unit);
  const mode = state.pass_mode ?? 'full';
  const pull = pullOf(state, unit, mode, Number(sync.created_at));
  let stream: InvokedStream | undefined;
  try {
    stream = await invokeStream({
      workspace_id: sync.workspace_id,
      installation,
      handler: `streams.${unit.stream}`,
      args: [pull],
      project_id: sync.project_id,
      integration,
      cause: { kind: 'sync', id: sync._id, label: unit.stream },
      use: 'job',
      signal: context.signal,
    });
    const source = stream;
    const whose: ReadBatch = {
      integration,
      name: unit.stream,
      stream: unit.declared,
      parent: unit.parent?.key ?? null,
      generation: mode === 'full' ? sync._id : null,
    };
    const nextPage = async (): Promise<Page | null> => {
      const { done, value } = await source.next();
      return done ? null : readPage(whose, value);
    };
    for (let ahead = nextPage(); ; ) {
      const page = await ahead;
      if (!page) break;
      const stops = page.wait_s > 0 || (Date.now() > work.until && page.cursor_text !== undefined);
      // The next page is asked for and read while this one is stored; if that fails, it is read again.
      if (!stops) ahead = nextPage();
      ahead.catch(() => undefined);
      await commitPage(work, unit, state, page);
      if (stops) return new Again({ in_ms: Math.min(page.wait_s, 86_400) * 1000 });
    }
    if (pull.until !== undefined) {
      await context.commit(async () => {
        await StreamState.updateOne({ _id: state._id }, { $set: { window_at: pull.until, cursor_text: null } });
        await Sync.updateOne({ _id: sync._id }, { $set: { tries: 0 } });
      });
      return new Again({ in_ms: 0 });
    }
    await completePass(work, unit, state, mode);
    return undefined;
  } catch (error) {
    return await afterFailure(work, unit, state, error);
  } finally {
    await stream?.return();
  }
}

/**
 * Stores one page: records, cursor, counts and the fence of this job commit together, or not at all. Only a position that
 * moved is a reason to try anew after a failure: a handler that yields the same page and throws would else do so for ever.
 */
async function commitPage(work: Work, unit: Unit, state: StreamStateDoc, page: Page): Promise<void> {
  const { sync, integration, context } = work;
  const { max, cursor_text } = page;
  const moved = cursor_text !== undefined && cursor_text !== state.cursor_text;
  if (max !== null && (state.pass_max === null || max > state.pass_max)) state.pass_max = max;
  state.pass_part ||= page.is_part;
  await context.commit(async () => {
    const { counts, errors } = await writeBatch(integration, page, { tells: sync.sync_type === 'delta' });
    const { matchedCount } = await Sync.updateOne(
      { _id: sync._id, running_key: sync.running_key, cancel_requested: false },
      {
        $inc: Object.fromEntries(Object.entries(counts).map(([name, by]) => [`counts.${name}`, by])),
        $set: { progress: { stream: unit.stream, ...page.progress }, ...(moved ? { tries: 0 } : {}) },
        ...(errors.length > 0 ? { $push: { problems: { $each: errors.slice(0, 20), $slice: -100 } } } : {}),
      },
    );
    if (matchedCount === 0) throw new Stopped();
    await StreamState.updateOne(
      { _id: state._id },
      {
        $set: {
          pass_max: state.pass_max,
          pass_part: state.pass_part,
          ...(cursor_text === undefined ? {} : { cursor_text }),
        },
      },
    );
  });
  if (!moved) return;
  sync.tries = 0;
  state.cursor_text = cursor_text;
}

/** A pass that came to its end: what a full one did not see goes, the position is kept, the next pass may begin. */
async function completePass(work: Work, unit: Unit, state: StreamStateDoc, mode: string): Promise<void> {
  const { sync, context } = work;
  if (mode === 'full' && !state.pass_part) await sweep(work, { ...unit, parent: unit.parent?.key ?? null });
  await context.commit(async () => {
    const since =
      state.pass_max !== null && (state.since === null || state.pass_max > state.since) ? state.pass_max : state.since;
    await StreamState.updateOne(
      { _id: state._id },
      { $set: { since, pass: null, pass_mode: null, completed_at: new Date(), parent_mark: parentMark(unit) } },
    );
    await moveOn(work, unit, { done_units: 1 });
  });
  sync.tries = 0;
  sync.at_parent = unit.parent?.key ?? '';
}

async function moveOn(
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

/** What a failure asks for: wait, start the pass over, try again, give this pass up, or end the sync. */
async function afterFailure(work: Work, unit: Unit, state: StreamStateDoc, error: unknown): Promise<Again | undefined> {
  const { sync } = work;
  if (error instanceof Stopped || !(error instanceof Failure)) throw error;
  const cause = (error.cause ?? {}) as Partial<CallError>;
  const data = (cause.data ?? {}) as { after_s?: number; retry_after_s?: number };
  if (cause.name === 'CursorExpired') {
    await StreamState.updateOne(
      { _id: state._id },
      {
        $set: {
          ...{ cursor_text: null, since: null, pass: sync._id, pass_mode: 'full' },
          ...{ pass_max: null, pass_part: false, window_at: null },
        },
      },
    );
    return new Again({ in_ms: 0 });
  }
  const wait_s = data.after_s ?? data.retry_after_s ?? error.retry_after_s ?? cause.retry_after_s;
  const isRate = cause.name === 'RateLimited' || error.name === 'rate_limited' || cause.name === 'Retry';
  if (isRate) return new Again({ in_ms: Math.min(wait_s ?? 15, 3_600) * 1000 });
  const kind = problemKind(cause, error);
  const told: SyncError = {
    kind,
    stream: unit.stream,
    parent: unit.parent?.key ?? null,
    message: error.message.slice(0, 500),
    at: new Date(),
  };
  if (kind === 'auth') {
    await finishSync((await Sync.findOne({ _id: sync._id }).lean()) as SyncDoc, { problem: told });
    return undefined;
  }
  if (cause.name !== 'Gone' && sync.tries + 1 < mostTries) {
    await Sync.updateOne({ _id: sync._id }, { $inc: { tries: 1 } });
    return new Again({ in_ms: backoff(sync.tries + 1, { base_ms: 500 }) });
  }
  await moveOn(work, unit, { failed_units: 1 }, told);
  // The pass is not complete: nothing of it is swept, and the next sync goes on where it stopped.
  sync.at_parent = unit.parent?.key ?? '';
  sync.tries = 0;
  return undefined;
}
