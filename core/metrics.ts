import { collectDefaultMetrics, Registry } from 'prom-client';

/** All Prometheus metrics of this process; each noun declares its own here, with bounded labels. */
export const registry = new Registry();

collectDefaultMetrics({ register: registry, prefix: 'patchbay_' });
