import { createHash } from 'node:crypto';
import type { Stream } from '../../sdk/contract/manifest/streams.ts';
import { asText, valuesAt } from '../credentials/read-ref.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { type RecordDoc, StreamState, type StreamStateDoc, type SyncDoc } from './model.ts';

/** One pass: a stream, of one parent where it has parents. */
export interface Unit {
  stream: string;
  declared: Stream;
  parent: RecordDoc | null;
}

const stateId = (sync: SyncDoc, unit: Unit): string =>
  `st_${createHash('sha256')
    .update(JSON.stringify([sync.integration_id, unit.stream, unit.parent?.key ?? null]))
    .digest('base64url')
    .slice(0, 28)}`;

/** The position of a pass: begun for this sync, or found as this sync left it. */
export async function beginPass(sync: SyncDoc, integration: IntegrationDoc, unit: Unit): Promise<StreamStateDoc> {
  const _id = stateId(sync, unit);
  const bound_to = bindingOf(unit, integration);
  const found = await StreamState.findOne({ _id }).lean();
  if (found?.pass === sync._id && found.bound_to === bound_to) return found;
  const isReset = !found || found.bound_to !== bound_to;
  const mode = passMode(sync, unit, isReset || (found.cursor_text === null && found.since === null));
  const fields = {
    workspace_id: sync.workspace_id,
    integration_id: sync.integration_id,
    stream: unit.stream,
    parent: unit.parent?.key ?? null,
    bound_to,
    cursor_text: isReset || mode === 'full' ? null : found.cursor_text,
    since: isReset ? null : found.since,
    pass: sync._id,
    pass_mode: mode,
    pass_max: null,
    pass_part: false,
    window_at: null,
  };
  return StreamState.findOneAndUpdate(
    { _id },
    { $set: fields },
    { upsert: true, returnDocument: 'after' },
  ).lean() as Promise<StreamStateDoc>;
}

/**
 * Whether an incremental sync may leave a parent's pass out: the last one came to its end, and the parent says at
 * `unless_changed` what it said then.
 */
export async function isUnchanged(sync: SyncDoc, integration: IntegrationDoc, unit: Unit): Promise<boolean> {
  const mark = sync.sync_type === 'incremental' ? parentMark(unit) : null;
  if (mark === null) return false;
  const state = await StreamState.findOne({ _id: stateId(sync, unit) }).lean();
  if (!state?.completed_at || state.pass !== null) return false;
  return state.parent_mark === mark && state.bound_to === bindingOf(unit, integration);
}

/** What a parent says at `unless_changed`; `null` where the stream declares none, or the parent says nothing there. */
export function parentMark({ declared, parent }: Unit): string | null {
  const pointer = declared.parent?.unless_changed;
  if (pointer === undefined || !parent) return null;
  return asText(valuesAt(JSON.parse(parent.raw_text), pointer)[0]) ?? null;
}

/**
 * How a pass is read. A stream without a change feed answers `delta` by a full pass and the content hash; a stream
 * that cannot go on from a position, or has none yet, is read in full.
 */
function passMode(sync: SyncDoc, { declared }: Unit, isFirst: boolean): 'full' | 'incremental' | 'delta' {
  if (sync.sync_type === 'full') return 'full';
  if (sync.sync_type === 'delta') return declared.modes.includes('delta') && !isFirst ? 'delta' : 'full';
  if (declared.modes.includes('incremental')) return 'incremental';
  return declared.modes.includes('delta') && !isFirst ? 'delta' : 'full';
}

/** What a stored cursor is good for: another schema, or another setting that resets it, starts over. */
function bindingOf({ declared }: Unit, integration: IntegrationDoc): string {
  const settings = (declared.cursor?.reset_on ?? []).map((name) => integration.configuration[name] ?? null);
  return createHash('sha256')
    .update(JSON.stringify([declared.schema ?? null, declared.primary_key, settings]))
    .digest('base64url');
}

/** What a stream handler is asked (CONTRACT.md, section 3: Pull). */
export interface Pull {
  cursor: unknown;
  mode: string;
  since?: string;
  until?: string;
  parent?: { key: string; record: unknown };
}

/**
 * What the plugin is asked. `since` is never our clock's: it is what the last completed pass saw, less the overlap, and less
 * the time within which the vendor still changes what it told. Only a first pass is bounded by the clock, where the stream
 * says how much history it has (`history_s`), and never one that sweeps: what it does not see would be deleted. A stream
 * with `step_s` is asked for one window after the other, each from where the last ended; the last one is open.
 *
 * @param began ms since 1970: when the sync was asked for, so that a pass which goes on asks for the same
 */
export function pullOf(state: StreamStateDoc, { declared, parent }: Unit, mode: string, began: number): Pull {
  const { overlap_s = 0, restates_s = 0, history_s, step_s } = declared.cursor ?? {};
  const sweeps = mode === 'full' && ['missing', 'missing_twice'].includes(declared.deletes);
  const first = history_s === undefined || sweeps ? undefined : new Date(began - history_s * 1000).toISOString();
  const overlap_ms = Math.max(overlap_s, restates_s) * 1000;
  const at = timeOf(state.since);
  const from =
    mode === 'full' || state.since === null
      ? first
      : Number.isFinite(at)
        ? new Date(at - overlap_ms).toISOString()
        : state.since;
  const since = state.window_at ?? from;
  const end = timeOf(since) + (step_s ?? Number.NaN) * 1000;
  return {
    cursor: state.cursor_text === null ? null : (JSON.parse(state.cursor_text) as unknown),
    mode,
    ...(since === undefined ? {} : { since }),
    ...(end < began ? { until: new Date(end).toISOString() } : {}),
    ...(parent ? { parent: { key: parent.key, record: JSON.parse(parent.raw_text) as unknown } } : {}),
  };
}

/** A date as ms since 1970. NaN for what else a cursor field may hold: `Date.parse` takes a number for a year. */
function timeOf(text: string | null | undefined): number {
  return text && /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
}
