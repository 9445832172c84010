import { trusted } from '../database/mongoose.ts';
import { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { StreamState, Sync } from './model.ts';

/** A schedule's slots come a little early or late: so much of `every_s` is enough. */
const enough = 0.9;

/** So many syncs are looked back over for the last one of each stream. */
const looked_back = 20;

/**
 * The streams that a scheduled sync pulls: the chosen ones, without those whose `every_s` has not passed since they were
 * last read to their end, of every parent. A sync that a person asks for reads them all.
 *
 * @param now ms since 1970
 * @returns undefined when no stream declares `every_s`
 */
export async function dueStreams(integration: IntegrationDoc, now: number = Date.now()): Promise<string[] | undefined> {
  const { _id: integration_id, installation_id, workspace_id, sync_settings } = integration;
  const installation = await Installation.findOne({ _id: installation_id, workspace_id }).lean();
  const all = installation?.manifest.streams ?? {};
  const chosen = sync_settings.streams ?? Object.keys(all);
  if (chosen.every((name) => all[name]?.every_s === undefined)) return undefined;
  const states = await StreamState.find({ integration_id, stream: trusted({ $in: chosen }) })
    .select({ stream: 1, completed_at: 1, pass: 1 })
    .lean();
  const broken_off = await brokenOff(integration);
  return chosen.filter((name) => {
    if (all[name]?.parent && broken_off.has(name)) return true;
    const own = states.filter(({ stream }) => stream === name);
    const rest_ms = (all[name]?.every_s ?? 0) * 1000 * enough;
    // A pass that is still open failed or was stopped: it is gone on with at the next slot.
    if (own.some(({ pass }) => pass !== null)) return true;
    return !own.some(({ completed_at }) => completed_at !== null && Number(completed_at) + rest_ms > now);
  });
}

/** The streams that their last sync did not bring to their end: it may have ended before it came to some parents. */
async function brokenOff({ _id: integration_id, workspace_id }: IntegrationDoc): Promise<Set<string>> {
  const last = await Sync.find({ workspace_id, integration_id, started_at: trusted({ $ne: null }) })
    .sort({ created_at: -1 })
    .limit(looked_back)
    .select({ streams: 1, at_stream: 1, status: 1 })
    .lean();
  const seen = new Set<string>();
  const found = new Set<string>();
  for (const { streams, at_stream, status } of last)
    for (const [index, stream] of streams.entries()) {
      if (seen.has(stream)) continue;
      seen.add(stream);
      if ((status === 'cancelled' || status === 'failed') && index >= at_stream) found.add(stream);
    }
  return found;
}
