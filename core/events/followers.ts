import type { EventRow } from './model.ts';

/** An event on its way to its followers: the first time (`round` is empty), or replayed (the replay's id). */
export interface Announcement {
  event: EventRow;
  round: string;
}

/** Someone who acts on events: webhooks, plugins' listeners. Composed in `core/work.ts`; events know none of them. */
export interface Follower {
  name: string;
  /** In the transaction that stores the events: only for what must keep the order in which they were stored. */
  emitted?(events: EventRow[]): Promise<void>;
  /** In a job afterwards, at least once: writes down what is to be done, under deterministic ids. */
  announced?(announcements: Announcement[]): Promise<void>;
}

const known: Follower[] = [];

/** Adds a follower; once each, before workers start and requests come. */
export function followEvents(follower: Follower): void {
  if (!known.some((one) => one.name === follower.name)) known.push(follower);
}

export function followers(): readonly Follower[] {
  return known;
}
