import { unsupported } from '../errors.ts';

const MAX = 2n ** 63n - 1n;

/**
 * A BSON date that JavaScript's Date cannot hold, which ends 8.64e15 milliseconds from 1970. It keeps its place when it is
 * compared, indexed and stored again; BSON's extremes, which stand for "ever" and "never", are among them.
 */
export class FarDate extends Date {
  readonly #milliseconds: bigint;

  constructor(milliseconds: bigint) {
    super(Number.NaN);
    this.#milliseconds = milliseconds;
  }

  /** @throws CommandError 238 for a time that a double does not hold exactly, which is none of the extremes either */
  override getTime(): number {
    const number = Number(this.#milliseconds);
    if (this.#milliseconds !== BigInt(number) && this.#milliseconds !== MAX)
      throw unsupported('Working with a date more than 285,000 years away');
    return number;
  }

  override valueOf(): number {
    return this.getTime();
  }
}

/** The date at a time, in milliseconds since 1970, near or far. */
export function dateAt(milliseconds: number | bigint): Date {
  const date = new Date(Number(milliseconds));
  return Number.isNaN(date.getTime()) && !Number.isNaN(Number(milliseconds))
    ? new FarDate(typeof milliseconds === 'bigint' ? milliseconds : BigInt(Math.trunc(milliseconds)))
    : date;
}
