import { Counter, Gauge } from 'prom-client';
import { registry } from '../metrics.ts';
import { cachedCount } from './cache.ts';

/** Sign-ins by password, and how they ended. */
export const signIns = new Counter({
  name: 'patchbay_sign_ins_total',
  help: 'Attempts to sign in by password, by result',
  labelNames: ['result'],
  registers: [registry],
});

/** Requests that were turned away before they reached a route. */
export const turnedAway = new Counter({
  name: 'patchbay_requests_turned_away_total',
  help: 'Requests with wrong credentials, or over a limit',
  labelNames: ['why'],
  registers: [registry],
});

/** What this process keeps in memory of the database. */
export const kept = new Gauge({
  name: 'patchbay_cached_entries',
  help: 'Entries in the in-process cache',
  registers: [registry],
  collect() {
    this.set(cachedCount());
  },
});
