/**
 * What a handler throws to tell the host what happened. The host knows them by `name`, and carries their own fields
 * across the sandbox's wall. A bundle that uses none of them carries none.
 */

/** The vendor no longer knows the cursor: the stream (or its parent's part) starts over; nothing is deleted until it completes. */
export class CursorExpired extends Error {
  override readonly name = 'CursorExpired';
}

/** Try again later: the call is put back for `after_s` seconds. */
export class Retry extends Error {
  override readonly name = 'Retry';
  readonly after_s: number;
  constructor(after_s: number, message = `Try again in ${after_s} s`) {
    super(message);
    this.after_s = after_s;
  }
}

/** What was asked for does not exist at the vendor any more. */
export class Gone extends Error {
  override readonly name = 'Gone';
}

/** The vendor refused. `status` and `code` are the vendor's own; the message is shown to people. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly status?: number;
  readonly code?: string;
  constructor(message: string, details: { status?: number; code?: string } = {}) {
    super(message);
    if (details.status !== undefined) this.status = details.status;
    if (details.code !== undefined) this.code = details.code;
  }
}
