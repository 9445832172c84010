import { followEvents } from '../events/followers.ts';
import { planDeliveries } from './plan-deliveries.ts';

/** Makes webhooks hear of events: those that keep an order in the event's own transaction, the others right after it. */
export function followWithWebhooks(): void {
  followEvents({
    name: 'webhooks',
    emitted: (events) =>
      planDeliveries(
        events.map((event) => ({ event, round: '' })),
        'ordered',
      ),
    announced: (announcements) => planDeliveries(announcements, 'all'),
  });
}
