import { defineAnnouncements } from './events/announce.ts';
import { defineRetention } from './jobs/retention.ts';
import { defineDeliveries } from './webhooks/deliver.ts';
import { followWithWebhooks } from './webhooks/follow.ts';
import { defineRetries } from './webhooks/retry-deliveries.ts';

/** Says what each kind of job calls, and who follows events. Once, before the workers start. */
export function defineWork(): void {
  defineAnnouncements();
  followWithWebhooks();
  defineDeliveries();
  defineRetries();
  defineRetention();
}
