/** The job or lease belongs to someone else by now; whatever was to be written has not been. */
export class StaleLease extends Error {
  override readonly name = 'StaleLease';
  constructor(what: string) {
    super(`${what} is no longer held: its lease ran out and was taken over, or it was finished elsewhere`);
  }
}
