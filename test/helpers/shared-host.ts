import { rmSync } from 'node:fs';
import { type RunningHost, startHost } from './host.ts';

let started: Promise<RunningHost> | undefined;

/**
 * One host for all suites of a run that only ask and never break anything; ended with the run. A suite that kills, fills
 * or reconfigures its host starts one of its own.
 */
export function sharedHost(): Promise<RunningHost> {
  started ??= startHost().then((host) => {
    process.once('exit', () => {
      host.process.kill('SIGKILL');
      rmSync(host.data, { recursive: true, force: true });
    });
    return host;
  });
  return started;
}
