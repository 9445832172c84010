import { defineAccessJobs } from './access/define-jobs.ts';
import { defineAnnouncements } from './events/announce.ts';
import { defineHookJobs } from './hooks/run-hook.ts';
import { defineSubscriptionJobs } from './hooks/subscribe.ts';
import { definePluginJobs } from './installations/define-jobs.ts';
import { followWithListeners } from './installations/listen.ts';
import { defineActionJobs } from './invocations/run-later.ts';
import { defineRetention } from './jobs/retention.ts';
import { defineRecordRetention } from './syncs/retention.ts';
import { defineSyncJobs } from './syncs/run-step.ts';
import { defineDeliveries } from './webhooks/deliver.ts';
import { followWithWebhooks } from './webhooks/follow.ts';
import { defineRetries } from './webhooks/retry-deliveries.ts';

/** Says what each kind of job calls, and who follows events. Once, before the workers start. */
export function defineWork(): void {
  defineAccessJobs();
  defineAnnouncements();
  followWithWebhooks();
  followWithListeners();
  defineDeliveries();
  defineRetries();
  defineHookJobs();
  defineSubscriptionJobs();
  defineSyncJobs();
  defineRecordRetention();
  definePluginJobs();
  defineActionJobs();
  defineRetention();
}
