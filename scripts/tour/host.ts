import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface TourHost {
  url: string;
  /** the token of the one-time link that the host printed */
  setup: string;
  /** a folder for whatever the tour makes */
  folder: string;
  stop(): Promise<void>;
}

/** Starts a real host with an empty data folder, as `npm start` does, on a free port. */
export async function startTourHost(): Promise<TourHost> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-tour-'));
  const port = await freePort();
  const flags = ['--enable-experimental-regexp-engine', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, 'core/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: String(port), PATCHBAY_DATA: join(folder, 'data'), LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (/works once/.test(text)) resolve(text);
    });
    child.once('exit', (code) => reject(new Error(`the host ended with ${code}: ${text}`)));
  });
  return {
    url: `http://localhost:${port}`,
    setup: /#token=(\S+)/.exec(printed)?.[1] ?? '',
    folder,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
        child.kill('SIGTERM');
      }),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('the system gave no port');
  return address.port;
}
