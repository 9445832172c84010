import { mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Where there is no `setpriv`, nothing ends a child with its host: files named after process ids do, at the next start.

const PID_FILE = /^sandbox-(\d+)\.pid$/;

/** Remembers a sandbox process, so that the next host can end it if this one is killed. */
export function notePid(folder: string, pid: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `sandbox-${pid}.pid`), '');
}

export function forgetPid(folder: string, pid: number): void {
  try {
    unlinkSync(join(folder, `sandbox-${pid}.pid`));
  } catch {
    // It ended before it was noted.
  }
}

/** Ends sandbox processes that a killed host left behind; a number that is someone else's by now is left alone. */
export function endLeftovers(folder: string): void {
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const pid = Number(PID_FILE.exec(name)?.[1] ?? 0);
    if (pid === 0) continue;
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('child/process.ts')) process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
    forgetPid(folder, pid);
  }
}
