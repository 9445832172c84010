import { type InvokedStream, invokeStream } from '../invocations/invoke-stream.ts';
import { Again } from '../jobs/define-job.ts';
import { afterFailure } from './after-failure.ts';
import { StreamState, type StreamStateDoc, Sync } from './model.ts';
import { beginPass, parentMark, pullOf, type Unit } from './pass.ts';
import type { ReadBatch } from './read-batch.ts';
import { type Page, readPage } from './read-page.ts';
import { writeBatch } from './store-batch.ts';
import { sweep } from './sweep.ts';
import { moveOn, Stopped, type Work } from './work.ts';

/** Reads one pass page by page; each page is stored with its cursor, one page behind the reading at most. */
export async function runUnit(work: Work, unit: Unit): Promise<Again | undefined> {
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
  const commit = () =>
    context.commit(async () => {
      await writeBatch(integration, page, {
        tells: sync.sync_type === 'delta',
        mayExist: !work.is_first,
        before: async ({ counts, errors }) => {
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
        },
      });
    });
  try {
    await commit();
  } catch (error) {
    if (!work.is_first || (error as { code?: unknown }).code !== 11000) throw error;
    // A webhook or an earlier page brought one of them: from here on each page looks for what is there.
    work.is_first = false;
    await commit();
  }
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
