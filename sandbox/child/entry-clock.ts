import type { Room } from './engine.ts';

/** The kernel counts a thread's CPU time in ticks of so much: below it the clock on the wall is the better measure. */
const TICK_MS = 4;
const LEAST_PACE = 0.2;
/** A reading of the CPU clock costs as much as a short entry: one serves so many of them, or as much of their time. */
const READING_FOR_ENTRIES = 16;
const READING_FOR_MS = 1;

/**
 * What entries cost. The engine's timer is a wall clock: on a busy machine an entry is given the time that the CPU share
 * of late entries calls for, and is billed for the CPU that its thread used.
 */
export class EntryClock {
  /** CPU time per wall time of late entries, at most 1. */
  private pace = 1;
  private room: Room | null = null;
  private reading = 0;
  /** Entries since the reading, and what they were billed. */
  private entries = 0;
  private billed = 0;
  private began = 0;

  /** How long the engine may let an entry run that has so much CPU time left. */
  wallFor(cpu_ms: number): number {
    return cpu_ms / this.pace;
  }

  begin(room: Room): void {
    if (room !== this.room || this.entries >= READING_FOR_ENTRIES || this.billed > READING_FOR_MS) this.read(room);
    this.began = performance.now();
  }

  /** CPU time of the entry that began last, milliseconds. */
  end(room: Room): number {
    const wall_ms = performance.now() - this.began;
    this.entries++;
    this.billed += wall_ms;
    if (wall_ms < TICK_MS) return wall_ms;
    const before = this.reading + this.billed - wall_ms;
    this.read(room);
    const cpu_ms = Math.max(0, Math.min(this.reading - before, wall_ms));
    // A long one that misses a tick had its thread to itself: taken for a busy machine, it would get more than its limit.
    const isWhole = wall_ms > 5 * TICK_MS && wall_ms - cpu_ms <= TICK_MS;
    const pace = isWhole ? 1 : cpu_ms / wall_ms;
    this.pace = Math.max(LEAST_PACE, (this.pace + pace) / 2);
    return cpu_ms;
  }

  /** The thread did work of our own, which is on nobody's bill: the next entry begins with a fresh reading. */
  forget(): void {
    this.room = null;
  }

  private read(room: Room): void {
    this.room = room;
    this.reading = room.cpu_ms();
    this.entries = 0;
    this.billed = 0;
  }
}
