import type { CallError } from '../types.ts';
import type { Ended } from './sandbox-process.ts';

/** What the guilty call is told. */
export function endError(ended: Ended, crashed: boolean): CallError {
  const reason = ended.killed?.reason ?? '';
  if (reason === 'memory')
    return { type: 'memory_limit', message: 'The plugin used more memory than a sandbox process has' };
  if (reason === 'stuck')
    return { type: 'cpu_limit', message: 'The plugin did not stop when its CPU time was used up' };
  if (reason === 'deadline') return { type: 'timeout', message: 'The plugin did not stop at its deadline' };
  if (crashed && /memory|allocation|heap/i.test(`${ended.stderr} ${ended.signal === 'SIGABRT' ? 'memory' : ''}`)) {
    return { type: 'memory_limit', message: 'The plugin used up the memory of its sandbox process' };
  }
  if (reason.startsWith('forged'))
    return { type: 'killed', message: 'The sandbox process of this call was no longer trusted' };
  return { type: 'killed', message: 'The plugin ended its sandbox process' };
}
