// A process that announces and delivers, on a database that others share: `node deliverer.ts`, ended by SIGTERM or SIGKILL.

import { config } from '../../core/config.ts';
import { connectDatabase } from '../../core/database/connect.ts';
import { defineAnnouncements } from '../../core/events/announce.ts';
import { startWorkers } from '../../core/jobs/start-workers.ts';
import { log } from '../../core/log.ts';
import { openVault } from '../../core/vault/vault.ts';
import { defineDeliveries } from '../../core/webhooks/deliver.ts';
import { followWithWebhooks } from '../../core/webhooks/follow.ts';
import { defineRetries } from '../../core/webhooks/retry-deliveries.ts';

openVault(config().encryption_keys);
defineAnnouncements();
followWithWebhooks();
defineDeliveries();
defineRetries();
const database = await connectDatabase({ uri: config().mongodb_uri, data: config().data, log });
const workers = startWorkers({ lease_ms: Number(process.env.LEASE_MS ?? 2000), poll_ms: 100 });
process.stdout.write('ready\n');
process.once('SIGTERM', async () => {
  await workers.stop(3000);
  await database.close();
  process.exit(0);
});
