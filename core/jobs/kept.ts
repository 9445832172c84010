/** What is kept for how long; everything else stays until somebody deletes it. */
export interface Kept {
  what: string;
  collection: string;
  /** the time that its age is counted from; documents without one stay */
  from: string;
  days: number;
  /** true when `from` is the end itself, written into each document by `keptUntil` when it was made */
  is_end?: boolean;
  /** more that must be so */
  only?: Record<string, unknown>;
}

/** The one place that says how long anything is kept. */
export const kept = [
  { what: 'dead jobs', collection: 'jobs', from: 'until', days: 30, is_end: true, only: { state: 'dead' } },
  // How long they keep their id taken is their kind's own (`keep_done_s`); a day unless it says otherwise.
  { what: 'finished jobs', collection: 'jobs', from: 'until', days: 1, is_end: true, only: { state: 'done' } },
  { what: 'pauses of groups', collection: 'job_pauses', from: 'until', days: 0, is_end: true },
  // An order key with jobs that still wait is not at rest, however long ago it moved.
  {
    ...{ what: 'order keys at rest', collection: 'job_orders', from: 'moved_at', days: 7 },
    only: { $expr: { $eq: ['$head', '$next'] } },
  },
  { what: 'events', collection: 'events', from: 'created_at', days: 30 },
  { what: 'deliveries', collection: 'deliveries', from: 'created_at', days: 30 },
  { what: 'invocations', collection: 'invocations', from: 'expires_at', days: 30, is_end: true },
  // They hold what came in and out as a whole: kept for a shorter time.
  { what: 'recordings', collection: 'recordings', from: 'expires_at', days: 7, is_end: true },
  { what: 'requests of vendors’ webhooks', collection: 'hook_requests', from: 'received_at', days: 7 },
  { what: 'sync logs', collection: 'syncs', from: 'finished_at', days: 90 },
  { what: 'logs of integrations', collection: 'integration_logs', from: 'created_at', days: 90 },
  { what: 'tombstones of records', collection: 'records', from: 'deleted_at', days: 30 },
] as const satisfies readonly Kept[];

const day_ms = 86_400_000;

/** Until when something that begins now is kept, for documents that carry their own end. */
export function keptUntil(what: (typeof kept)[number]['what'], from: number): Date {
  const days = kept.find((one) => one.what === what)?.days ?? 0;
  return new Date(from + days * day_ms);
}

/** What was made (or, with `is_end`, ends) before this is past its time. */
export function pastBefore({ days, is_end = false }: Kept, now: number): Date {
  return new Date(is_end ? now : now - days * day_ms);
}
