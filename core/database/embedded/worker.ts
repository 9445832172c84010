import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Address } from './address.ts';
import type { EngineLog } from './answer.ts';

/** What the host's thread gives this one. */
export type WorkerInput = { folder: string; address: Address };

/** What this thread tells the host's. */
export type WorkerMessage =
  | { kind: 'serving'; uri: string }
  | { kind: 'refused'; message: string }
  | { kind: 'log'; message: string; details: Record<string, unknown> };

const port = parentPort;
if (!port) throw new Error('worker.ts is started by start-embedded.ts, as a worker thread');
const tell = (message: WorkerMessage) => port.postMessage(message);

const log: EngineLog = {
  error: (details, message) => {
    const { err, ...rest } = details as { err?: unknown };
    const error = err instanceof Error ? { error: err.message, stack: err.stack } : {};
    tell({ kind: 'log', message, details: { ...rest, ...error } });
  },
};

// A thread does not have its host's.
enableCompileCache();
const { serveEngine } = await import('./serve-engine.ts');
const { folder, address } = workerData as WorkerInput;
try {
  const served = await serveEngine(folder, address, log);
  port.once('message', async () => {
    await served.stop();
    port.close();
  });
  tell({ kind: 'serving', uri: served.uri });
} catch (error) {
  tell({ kind: 'refused', message: (error as Error).message });
  port.close();
}
