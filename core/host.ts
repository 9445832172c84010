import { chmodSync, mkdirSync } from 'node:fs';
import { dropAllCached, dropCached } from './access/cache.ts';
import { firstStart } from './access/first-start.ts';
import { stopAccess } from './access/stop-access.ts';
import { createApp } from './app.ts';
import { type Config, config } from './config.ts';
import { settleTurns } from './credentials/limits/turn.ts';
import { connectDatabase } from './database/connect.ts';
import { migrate } from './database/migrations.ts';
import { followNews } from './database/news.ts';
import { watch } from './health.ts';
import { listen } from './http/listen.ts';
import { followNewsOfInstallations, startSandbox } from './invocations/sandbox.ts';
import { startWorkers } from './jobs/start-workers.ts';
import { log } from './log.ts';
import { closeMarketplace } from './registry/marketplace.ts';
import { publishFirstParty } from './registry/publish-first-party.ts';
import { startVault } from './vault/start-vault.ts';
import { defineWork } from './work.ts';

/** A stop takes at most this long; what is still in flight then is cut (its jobs are given back, not lost). */
const stopMs = 8_000;

/**
 * Builds the host part by part, each on the one before, and serves until SIGTERM or SIGINT. What was made and where is
 * printed plainly.
 *
 * @throws Error when a part cannot start; the process then ends with 1 and the reason
 */
export async function startHost(): Promise<void> {
  const began = performance.now();
  const settings = config();
  makeDataFolder(settings.data);
  let stopping = false;

  const database = await connectDatabase({ uri: settings.mongodb_uri, data: settings.data, log });
  await migrate();
  const { source, file } = await startVault(settings.encryption_keys, settings.data);
  const first = await firstStart();
  const news = followNews({ everyMs: 200 });
  news.on((workspace) => (workspace === null ? dropAllCached() : dropCached(workspace)));
  const sandbox = await startSandbox();
  news.on(followNewsOfInstallations);
  await publishFirstParty();
  defineWork();
  const { handler, document } = createApp(settings);
  watch({
    database: () => database.status(),
    news: () => news.alive(),
    sandbox: () => sandbox.status(),
    barriers: () => sandbox.barriers(),
    stopping: () => stopping,
    document: () => document,
  });
  const workers = startWorkers();
  const server = await listen(handler, settings);

  say(settings, {
    kind: database.kind,
    port: server.port,
    key: source,
    key_file: file,
    setup: first.setup_token,
    made: first.made,
    ms: performance.now() - began,
  });

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping: in-flight work ends, nothing new is taken');
    // A part that hangs must not keep the others, or the process, from ending in time.
    setTimeout(() => process.exit(1), stopMs + 1_500).unref();
    await Promise.all([server.stop(stopMs), workers.stop(stopMs)]);
    await sandbox.close();
    news.stop();
    await stopAccess();
    await settleTurns();
    await closeMarketplace();
    await database.close();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function makeDataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

interface Started {
  kind: 'mongodb' | 'embedded';
  port: number;
  key: 'environment' | 'file' | 'made';
  key_file: string;
  setup: string | null;
  made: string[];
  ms: number;
}

/** The start in words, for the person at the terminal. */
function say(settings: Config, started: Started): void {
  const url = settings.port === 0 ? settings.url.replace(/:0$/, `:${started.port}`) : settings.url;
  const where = {
    environment: 'ENCRYPTION_KEY of the environment',
    file: started.key_file,
    made: `${started.key_file} (made now: keep a copy, without it no stored secret opens)`,
  }[started.key];
  const lines = [
    '',
    `  Patchbay is ready on ${url} (${Math.round(started.ms)} ms)`,
    '',
    `  Database        ${started.kind === 'embedded' ? `embedded, in ${settings.data}` : 'MongoDB (MONGODB_URI)'}`,
    `  Encryption key  ${where}`,
    `  API             ${url}/docs`,
    ...started.made.map((what) => `  Made            ${what}`),
    ...(started.setup ? [`  First admin     ${url}/setup#token=${started.setup}   (this link works once)`] : []),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
