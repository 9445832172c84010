import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, realpathSync, unlinkSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RECORDER_BYTES } from './flight-recorder.ts';

const ROOT = dirname(import.meta.dirname);
const ENTRY = join(ROOT, 'child/process.ts');

/** Machine code off in all its forms. `--jitless` itself would take WebAssembly from Node's own type stripping. */
const INTERPRETED = [
  '--no-opt',
  '--no-maglev',
  '--no-sparkplug',
  '--regexp-interpret-all',
  '--no-lazy-feedback-allocation',
];

export interface Launched {
  process: ChildProcess;
  channel: Socket;
  /** Shared with the child, still readable when it is gone; `close` it then. */
  recorder: number;
}

/** The command line of a sandbox process: what DESIGN.md section 5 found to be needed, and nothing it does not. */
export function commandLine(options: { jitless?: boolean; entry?: string } = {}): [string, ...string[]] {
  const resolve = createRequire(import.meta.url).resolve;
  const folders = ['isolated-vm', 'node-gyp-build'].map((name) => `${dirname(resolve(`${name}/package.json`))}/`);
  const readable = [`${ROOT}/`, ...folders, ...folders.map((f) => `${realpathSync(f)}/`), '/etc/alpine-release'];
  const node = [
    process.execPath,
    '--no-node-snapshot',
    '--permission',
    '--allow-addons',
    ...[...new Set(readable)].map((path) => `--allow-fs-read=${path}`),
    '--no-experimental-sqlite',
    '--no-warnings',
    '--max-old-space-size=256',
    ...(options.jitless ? INTERPRETED : []),
    options.entry ?? ENTRY,
  ];
  return hasSetpriv()
    ? ['setpriv', '--pdeathsig', 'KILL', '--no-new-privs', '--', ...node]
    : (node as [string, ...string[]]);
}

let setpriv: boolean | undefined;

/** util-linux's `setpriv`, which ends a child with its parent. */
export function hasSetpriv(): boolean {
  setpriv ??=
    spawnSync('setpriv', ['--pdeathsig', 'KILL', '--no-new-privs', '--', process.execPath, '-e', ''], {
      stdio: 'ignore',
    }).status === 0;
  return setpriv;
}

/**
 * Starts a sandbox process: empty environment, standard input closed, its channel on descriptor 3, its flight recorder
 * on 4. Throws what `openSync` throws when there is no room for the recorder; a failed spawn is an 'error' event.
 */
export function launch(options: { jitless?: boolean; entry?: string } = {}): Launched {
  const recorder = openRecorder();
  const [command, ...args] = commandLine(options);
  const child = spawn(command, args, {
    // Node hands this one variable on by itself unless it is named here.
    env: { NODE_V8_COVERAGE: undefined },
    cwd: existsSync('/') ? '/' : ROOT,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', recorder],
  });
  return { process: child, channel: child.stdio[3] as Socket, recorder };
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
