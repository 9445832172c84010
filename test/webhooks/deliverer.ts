// A process that announces and delivers, on a database that others share: `node deliverer.ts`, ended by SIGTERM or SIGKILL.
import { enableCompileCache, flushCompileCache } from 'node:module';

enableCompileCache();
const { config } = await import('../../core/config.ts');
const { connectDatabase } = await import('../../core/database/connect.ts');
const { defineAnnouncements } = await import('../../core/events/announce.ts');
const { startWorkers } = await import('../../core/jobs/start-workers.ts');
const { log } = await import('../../core/log.ts');
const { openVault } = await import('../../core/vault/vault.ts');
const { defineDeliveries } = await import('../../core/webhooks/deliver.ts');
const { followWithWebhooks } = await import('../../core/webhooks/follow.ts');
const { defineRetries } = await import('../../core/webhooks/retry-deliveries.ts');
const { retry } = await import('../../sdk/flow/retry.ts');
// The next one starts in half the time: this one may be killed, and write nothing at its end.
flushCompileCache();

openVault(config().encryption_keys);
defineAnnouncements();
followWithWebhooks();
defineDeliveries();
defineRetries();
const [uri, data] = [config().mongodb_uri, config().data];
const database = await retry(() => connectDatabase({ uri, data, log }), { attempts: 10 });
const workers = startWorkers({ lease_ms: Number(process.env.LEASE_MS ?? 2000), poll_ms: 100 });
process.stdout.write('ready\n');
process.once('SIGTERM', async () => {
  await workers.stop(3000);
  await database.close();
  process.exit(0);
});
