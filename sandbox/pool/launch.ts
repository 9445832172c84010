import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, realpathSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { getPriority, setPriority, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CHILD_ENTRY, childScript } from './child-script.ts';
import { RECORDER_BYTES } from './flight-recorder.ts';

/**
 * Isolates are small and many: a young generation begins at 1 MB, which saves half of the collections of a 100 KB payload,
 * and may grow to 4 MB where much survives (pages of records). A collection on the thread that made the garbage wakes no
 * other, and is on the bill of the call that made it.
 */
export const HEAP = [
  '--max-old-space-size=256',
  '--min-semi-space-size=1',
  '--max-semi-space-size=4',
  '--single-threaded-gc',
];

export interface Launched {
  process: ChildProcess;
  channel: Socket;
  /** Shared with the child, still readable when it is gone; `close` it then. */
  recorder: number;
}

/** The command line of a sandbox process, which reads its program from standard input: what DESIGN.md section 5 found to be needed, and nothing it does not. */
export function commandLine(options: { jitless?: boolean } = {}): [string, ...string[]] {
  const resolve = createRequire(import.meta.url).resolve;
  const folders = ['isolated-vm', 'node-gyp-build'].map((name) => `${dirname(resolve(`${name}/package.json`))}/`);
  const readable = [...folders, ...folders.map((f) => `${realpathSync(f)}/`), '/etc/alpine-release'];
  const node = [
    process.execPath,
    '--no-node-snapshot',
    '--permission',
    '--allow-addons',
    ...[...new Set(readable)].map((path) => `--allow-fs-read=${path}`),
    '--no-experimental-sqlite',
    '--no-warnings',
    ...HEAP,
    ...(options.jitless ? ['--jitless'] : []),
    '-',
    CHILD_ENTRY,
  ];
  return hasSetpriv()
    ? ['setpriv', '--pdeathsig', 'KILL', '--no-new-privs', '--', ...node]
    : (node as [string, ...string[]]);
}

let setpriv: boolean | undefined;

/** util-linux's `setpriv`, which ends a child with its parent. */
export function hasSetpriv(): boolean {
  // It starts itself: another process of ours would take a hundred times as long.
  setpriv ??=
    spawnSync('setpriv', ['--pdeathsig', 'KILL', '--no-new-privs', '--', 'setpriv', '--version'], {
      stdio: 'ignore',
    }).status === 0;
  return setpriv;
}

/**
 * Starts a sandbox process: empty environment, its program on standard input, its channel on descriptor 3, its flight
 * recorder on 4. Throws what `openSync` throws when there is no room for the recorder; a failed spawn is an 'error' event.
 */
export function launch(options: { jitless?: boolean } = {}): Launched {
  const recorder = openRecorder();
  const [command, ...args] = commandLine(options);
  const child = withTimerSlack(() =>
    spawn(command, args, {
      // Node hands this one variable on by itself unless it is named here.
      env: { NODE_V8_COVERAGE: undefined },
      cwd: '/',
      stdio: ['pipe', 'ignore', 'pipe', 'pipe', recorder],
    }),
  );
  yieldToHost(child);
  // One that ends before it has read its program tells so by its exit.
  child.stdin?.on('error', () => {});
  child.stdin?.end(childScript());
  return { process: child, channel: child.stdio[3] as Socket, recorder };
}

/**
 * Steps of nice(2): each gives the host, which answers everybody, a quarter more of a core than a plugin that computes. More
 * would leave plugins too little beside other work of the machine.
 */
const NICER = 2;

/** Set before the child has made its threads, which inherit it: on Linux it is a thread's. */
function yieldToHost({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, Math.min(19, getPriority() + NICER));
  } catch {
    // It is gone already, which its 'exit' tells, or the system lets nobody set priorities: then all are alike.
  }
}

const SLACK_FILE = '/proc/self/timerslack_ns';
/** A hundredth of what a call may compute. */
const SLACK_NS = '1000000';

/**
 * What is started meanwhile wakes up to a millisecond late for its timers, several of them at once (prctl(2),
 * PR_SET_TIMERSLACK: inherited by children, kept by execve). isolated-vm's timer of every entry wakes a thread although
 * the entry is long over, which is a quarter of a busy process' CPU time otherwise.
 */
function withTimerSlack<Result>(start: () => Result): Result {
  let own: string;
  try {
    own = readFileSync(SLACK_FILE, 'latin1');
    writeFileSync(SLACK_FILE, SLACK_NS);
  } catch {
    // No Linux, or not the main thread's to say: the timers are as exact as they are dear.
    return start();
  }
  try {
    return start();
  } finally {
    writeFileSync(SLACK_FILE, own);
  }
}

/** A file without a name, its bytes there from the start: a full disk later cannot blind it. */
function openRecorder(): number {
  const path = join(tmpdir(), `patchbay-recorder-${randomUUID()}`);
  const fd = openSync(path, 'wx+', 0o600);
  try {
    unlinkSync(path);
    writeSync(fd, Buffer.alloc(RECORDER_BYTES));
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}
