import { Failure } from '../../sdk/contract/failure.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import type { IntegrationDoc, SyncSettings } from '../integrations/model.ts';
import { nextSlot } from '../jobs/next-slot.ts';
import { schedule, unschedule } from '../jobs/schedule.ts';

type Rule = { cron: string } | { every_s: number } | null;

/**
 * When a sync runs: `manual` (never by itself), `hourly`, `daily`, every so many minutes or hours, or a cron expression.
 *
 * @throws Failure `validation_failed` at `/sync_settings/sync_interval`
 */
export function readInterval(interval: string): Rule {
  if (interval === 'manual') return null;
  if (interval === 'hourly') return { every_s: 3600 };
  if (interval === 'daily') return { every_s: 86_400 };
  const every = /^(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?)$/.exec(interval);
  if (every) {
    const unit = every[2]?.startsWith('m') ? 60 : every[2]?.startsWith('h') ? 3600 : 86_400;
    const seconds = Number(every[1]) * unit;
    if (seconds >= 60) return { every_s: seconds };
  }
  if (interval.trim().split(/\s+/).length === 5) return { cron: interval.trim() };
  throw wrong(
    '/sync_settings/sync_interval',
    `must be manual, hourly, daily, every so many minutes ("15m") or a cron expression of five fields, not ${quote(interval)}`,
  );
}

/**
 * Checks sync settings against the plugin's streams.
 *
 * @throws Failure `validation_failed` with pointers below `/sync_settings`
 */
export function checkSyncSettings(settings: SyncSettings, manifest: Manifest): void {
  const rule = readInterval(settings.sync_interval);
  const names = Object.keys(manifest.streams ?? {});
  for (const [index, stream] of (settings.streams ?? []).entries()) {
    if (names.includes(stream)) continue;
    const near = nearest(stream, names);
    throw wrong(
      `/sync_settings/streams/${index}`,
      `${quote(stream)} is not a stream of this plugin${near ? `; did you mean ${near}?` : ''}`,
    );
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: settings.time_zone ?? 'UTC' });
  } catch {
    throw wrong(
      '/sync_settings/time_zone',
      `${quote(settings.time_zone)} is not a time zone; use one like Europe/Berlin`,
    );
  }
  if (rule && 'cron' in rule) {
    try {
      nextSlot({ cron: rule.cron, every_s: null, time_zone: settings.time_zone ?? 'UTC' }, new Date());
    } catch (cause) {
      const { errors } = (cause instanceof Failure ? cause.content : {}) as { errors?: { message: string }[] };
      throw wrong('/sync_settings/sync_interval', errors?.[0]?.message ?? `${quote(rule.cron)} is no cron expression`);
    }
  }
}

/** Puts an integration's schedule in force: none unless it is active and syncs by itself. */
export async function planSync(integration: IntegrationDoc, manifest: Manifest): Promise<void> {
  const id = `sync:${integration._id}`;
  const { sync_interval, auto_sync, time_zone } = integration.sync_settings;
  const rule = readInterval(sync_interval);
  const pulls = Object.values(manifest.streams ?? {}).some(({ source }) => source === undefined || source === 'pull');
  if (!rule || !auto_sync || !pulls || integration.status === 'inactive') return unschedule(id);
  await schedule({
    id,
    workspace_id: integration.workspace_id,
    kind: 'sync.scheduled',
    ...rule,
    time_zone: time_zone ?? 'UTC',
    jitter_s: 'every_s' in rule ? Math.min(300, rule.every_s / 10) : 30,
    group: `project:${integration.project_id}`,
    data: { integration_id: integration._id },
  });
}

function wrong(pointer: string, message: string): Failure {
  return new Failure('validation_failed', {
    content: { errors: [{ pointer, message, keyword: 'format', params: {} }] },
  });
}
