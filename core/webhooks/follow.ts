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
    announced: async (announcements) => {
      const [first, replays] = [announcements.filter((one) => !one.round), announcements.filter((one) => one.round)];
      if (first.length > 0) await planDeliveries(first, 'unordered');
      if (replays.length > 0) await planDeliveries(replays, 'all');
    },
  });
}
