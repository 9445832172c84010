import { Counter } from 'prom-client';
import { registry } from '../metrics.ts';

const requests = new Counter({
  name: 'patchbay_hook_requests_total',
  help: 'Vendors’ webhook requests by what became of them',
  labelNames: ['result'],
  registers: [registry],
});

/** Counts one request of a vendor; `result` is one of a few words. */
export function countHook(result: string): void {
  requests.inc({ result });
}
