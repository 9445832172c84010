import { Counter } from 'prom-client';
import { registry } from '../metrics.ts';

export const emitted = new Counter({
  name: 'patchbay_events_emitted_total',
  help: 'Events stored, by what they came from',
  labelNames: ['source'],
  registers: [registry],
});
