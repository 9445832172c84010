import type { Readable } from 'node:stream';

/** How often it is asked, milliseconds. */
const everyMs = 1_000;

/** Ends an answer that goes on once its reader may not read it any more. */
export function endWhenRefused(stream: Readable, mayStillRead: () => Promise<boolean>): void {
  let isAsking = false;
  const timer = setInterval(async () => {
    if (isAsking) return;
    isAsking = true;
    if (!(await mayStillRead())) stream.destroy();
    isAsking = false;
  }, everyMs);
  stream.once('close', () => clearInterval(timer));
}
