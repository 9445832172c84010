import { Counter } from 'prom-client';
import { registry } from '../metrics.ts';

const requests = new Counter({
  name: 'patchbay_egress_requests_total',
  help: 'Requests to the outside, by status class or by what went wrong',
  labelNames: ['result'],
  registers: [registry],
});

/** Counts one request to the outside; `result` is `2xx` … or an `EgressCode`. */
export function countRequest(result: string): void {
  requests.inc({ result });
}
