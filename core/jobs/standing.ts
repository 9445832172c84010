import { type NewSchedule, schedule } from './schedule.ts';

const standing = new Map<string, NewSchedule>();

/** Names a schedule that every host has from its start on; it is written down when the workers start. */
export function standingSchedule(wanted: NewSchedule): void {
  standing.set(wanted.id, wanted);
}

/** Writes the standing schedules down; those that are there keep their place. */
export async function writeStandingSchedules(): Promise<void> {
  for (const wanted of standing.values()) await schedule(wanted);
}
