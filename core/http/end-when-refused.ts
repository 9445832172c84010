import type { Readable } from 'node:stream';

/** How often it is asked, milliseconds. */
const everyMs = 1_000;

/** Ends an answer that goes on once its reader may not read it any more. */
export function endWhenRefused(stream: Readable, mayStillRead: () => Promise<boolean>): void {
  let isAsking = false;
  const timer = setInterval(async () => {
    // Looked at here and not heard of: its reader may have gone before this began.
    if (stream.destroyed) clearInterval(timer);
    else if (!isAsking) {
      isAsking = true;
      if (!(await mayStillRead())) stream.destroy();
      isAsking = false;
    }
  }, everyMs).unref();
}
