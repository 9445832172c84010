import { type AddressInfo, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { type Address, makePrivateFolder, socketOf, uriOf } from './address.ts';
import { loginOf } from './login.ts';
import type { WorkerInput, WorkerMessage } from './worker.ts';

/** What the engine logs with: pino's shape. */
type Log = { error: (details: object, message: string) => void; warn: (details: object, message: string) => void };

/** The engine in a thread of this process. */
export type Embedded = {
  /** The address for `mongoose.connect`; the same for as long as this runs, also after a restart of the thread. */
  uri: string;
  status: () => 'serving' | 'restarting' | 'stopped';
  /** Called whenever the thread ended without having been asked to. */
  onExit: (listener: (code: number) => void) => void;
  /** Answers what is at work, writes all to disk and ends. */
  close: () => Promise<void>;
  /** The thread, for tests that kill it. */
  thread: () => Worker;
};

/** How long to wait before a thread that died is started again, in milliseconds: doubled each time up to the last. */
const [FIRST_WAIT, LAST_WAIT] = [20, 2000];

/**
 * Starts the engine of a folder in a worker thread, so that no scan stalls the host's loop. A thread that ends without
 * having been asked to is started again at the same address; the driver connects again by itself.
 *
 * @throws Error when the folder is owned by another process or cannot be read
 */
export async function startEmbedded({ folder, log }: { folder: string; log: Log }): Promise<Embedded> {
  makePrivateFolder(folder);
  // Where there are no Unix sockets, a port of this machine and a login.
  const address: Address =
    process.platform === 'win32' ? { host: '127.0.0.1', port: await freePort() } : socketOf(folder);
  const listeners: ((code: number) => void)[] = [];
  let state: 'serving' | 'restarting' | 'stopped' = 'restarting';
  let wait = FIRST_WAIT;
  let thread: Worker;

  const start = () =>
    new Promise<void>((resolve, reject) => {
      thread = spawn(folder, address);
      thread.on('message', (message: WorkerMessage) => {
        if (message.kind === 'log') log.error(message.details, message.message);
        else if (message.kind === 'refused') reject(new Error(message.message));
        else {
          state = 'serving';
          setTimeout(() => {
            wait = FIRST_WAIT;
          }, LAST_WAIT).unref();
          resolve();
        }
      });
      thread.on('error', (error) => {
        log.error({ err: error }, 'the embedded database failed');
        reject(error);
      });
      thread.on('exit', (code) => {
        reject(new Error(`the embedded database ended with code ${code} before it served`));
        if (state === 'serving') again(code);
      });
    });

  const again = (code: number) => {
    state = 'restarting';
    log.warn({ code, wait_ms: wait }, 'the embedded database ended; it is started again');
    for (const listener of listeners) listener(code);
    setTimeout(() => {
      if (state === 'stopped') return;
      start().catch((error) => {
        log.error({ err: error }, 'the embedded database could not be started again; trying on');
        if (state === 'restarting') again(-1);
      });
    }, wait);
    wait = Math.min(wait * 2, LAST_WAIT);
  };

  await start();
  return {
    uri: uriOf(address, 'socket' in address ? undefined : loginOf(folder)),
    status: () => state,
    onExit: (listener) => void listeners.push(listener),
    thread: () => thread,
    async close() {
      if (state === 'stopped') return;
      const running = state === 'serving';
      state = 'stopped';
      if (!running) return void (await thread.terminate());
      const ended = new Promise((resolve) => thread.once('exit', resolve));
      thread.postMessage('stop');
      await ended;
    },
  };
}

/** A port that nobody listens on; kept for all restarts of the thread, so that its address stays. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function spawn(folder: string, address: Address): Worker {
  const input: WorkerInput = { folder, address };
  return new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: input,
    name: 'patchbay-database',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // A query that needs more ends the thread and not the host.
    resourceLimits: { maxOldGenerationSizeMb: 2048 },
  });
}
