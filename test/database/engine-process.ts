import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The engine as a process of its own, as `patchbay-host database` starts it. */
export type EngineProcess = { uri: string; process: ChildProcess; kill: (signal: NodeJS.Signals) => Promise<void> };

/** A new empty folder; removed by the test that made it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'pb-db-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Starts the engine of a data folder and waits until it serves.
 * @param prefix - a program and its arguments to start it under, as `prlimit`
 */
export function startEngine(data: string, prefix: string[] = []): Promise<EngineProcess> {
  const [program = '', ...args] = [
    ...prefix,
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    join(root, 'core/cli/main.ts'),
    'database',
  ];
  const child = spawn(program, args, {
    env: { ...process.env, PATCHBAY_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr?.on('data', (text) => {
      errors += text;
    });
    child.once('exit', (code) => reject(new Error(`the engine ended with ${code}: ${errors}`)));
    child.stdout?.once('data', (line) => {
      resolve({
        uri: String(line).trim(),
        process: child,
        kill: (signal) =>
          new Promise((ended) => {
            if (child.exitCode !== null || child.signalCode !== null) return ended();
            child.once('exit', () => ended());
            child.kill(signal);
          }),
      });
    });
  });
}
