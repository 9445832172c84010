import { Counter, Histogram } from 'prom-client';
import { registry } from '../metrics.ts';

export const deliveries_made = new Counter({
  name: 'patchbay_webhook_deliveries_total',
  help: 'Attempts to deliver, by result: ok, 3xx, 4xx, 5xx, no_answer',
  labelNames: ['result'],
  registers: [registry],
});
export const delivery_duration = new Histogram({
  name: 'patchbay_webhook_delivery_duration_seconds',
  help: 'How long one attempt took',
  buckets: [0.01, 0.05, 0.2, 1, 5, 15, 30, 60],
  registers: [registry],
});
export const webhooks_disabled = new Counter({
  name: 'patchbay_webhooks_disabled_total',
  help: 'Webhooks that switched themselves off',
  registers: [registry],
});
