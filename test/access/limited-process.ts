/**
 * One of several processes that spend the same quota, or the same burst of half a limit at once and the other half
 * within the window: node limited-process.ts <what> <subject> <limit> <window ms> <how>.
 * Says that it is ready, is told until when to ask and how many there are, and later how many of them still live.
 * Prints when each request arrived and when it was let through (0: refused), in ms.
 */
import { createSharedBurst } from '../../core/access/limits/shared-burst.ts';
import { spend } from '../../core/access/limits/spend.ts';
import { connectDatabase } from '../../core/database/connect.ts';
import { log } from '../../core/log.ts';
import { burstOf } from './burst-of.ts';

const [what = 'quota', subject = '', limit = '0', window_ms = '0', how = 'steady'] = process.argv.slice(2);
const window = { limit: Number(limit), window_ms: Number(window_ms) };
const burst = createSharedBurst('test', burstOf(window));
const take = () => (what === 'quota' ? spend(subject, window) : burst(subject));
const database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data: '/nonexistent', log });
process.stdout.write('ready\n');

interface Told {
  until?: number;
  living: number;
}

/** Twice the limit from all processes together, however many live: as behind a load balancer. */
const demand = (window.limit * 2) / window.window_ms;
let { until = 0, living } = await new Promise<Told>((resolve) => {
  process.once('message', (told) => resolve(told as Told));
});
process.on('message', (told) => {
  living = (told as Told).living;
});
let credit = 0;
let last = Date.now();
while (Date.now() < until) {
  await new Promise((resolve) => setTimeout(resolve, how === 'steady' ? 1 : Math.random() * 400));
  const now = Date.now();
  credit += ((now - last) * demand) / living;
  last = now;
  // In bursts: nothing for a while, then at once all that could have come, and more.
  const count = how === 'steady' ? Math.floor(credit) : Math.ceil(Math.random() * window.limit);
  credit -= how === 'steady' ? count : 0;
  const arrived = Date.now();
  const asked = Array.from({ length: count }, async () => {
    const { allowed } = await take();
    return `${arrived} ${allowed ? Date.now() : 0}`;
  });
  if (count > 0) process.stdout.write(`${(await Promise.all(asked)).join('\n')}\n`);
}
await database.close();
process.exit(0);
