import { transaction } from '../database/transaction.ts';
import { LeaseTaken, withLease } from '../jobs/with-lease.ts';
import { log } from '../log.ts';
import { setBlocked } from './apply-block.ts';
import { marketplace } from './marketplace.ts';

/** How often the log of a remote registry is read on. */
const everyMs = 2_000;

/** Keeps the mirror of a remote registry up: one node at a time looks, and nobody waits for it. */
export function followRemote(origin: string): void {
  let running = false;
  const look = async () => {
    if (running) return;
    running = true;
    try {
      await withLease('registry.mirror', () => lookOnce(origin), { wait_ms: 0 });
    } catch (error) {
      if (!(error instanceof LeaseTaken)) log.warn({ err: error, origin }, 'the remote registry could not be followed');
    } finally {
      running = false;
    }
  };
  setInterval(look, everyMs).unref();
  void look();
}

/** Takes over what was published since the last look; what was blocked there stops here, too. */
async function lookOnce(origin: string): Promise<void> {
  const { entries, left_out, blocks } = await marketplace().followRemote(origin);
  for (const { name, reason } of blocks) await transaction(() => setBlocked(name, reason));
  if (entries > 0) log.info({ origin, entries, left_out, blocks }, 'took over what a remote registry published');
}
