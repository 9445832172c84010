import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { commandLine, hasSetpriv } from '../../../sandbox/pool/launch.ts';
import type { Started } from '../../sandbox/start.ts';
import { startSandbox, until } from '../../sandbox/start.ts';

const NAMES = [
  'file',
  'write',
  'spawn',
  'worker',
  'inspector',
  'wasi',
  'sqlite',
  'environment',
  'descriptors',
  'network',
  'unix',
  'dns',
];
const ROOT = join(import.meta.dirname, '../../..');

describe('the barriers around a sandbox process', () => {
  let started: Started;
  before(async () => {
    started = await startSandbox();
  });
  after(() => started.sandbox.close());

  for (const name of NAMES) {
    it(`close "${name}", tried from inside`, () => {
      expect(started.sandbox.barriers()[name]).to.equal(true);
    });
  }

  it('are found open by the same probe in a process without them', () => {
    const probe = `import { probeBarriers } from '${ROOT}/sandbox/child/barriers.ts'; console.log(JSON.stringify(await probeBarriers())); process.exit(0);`;
    const { stdout } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', probe], {
      encoding: 'utf8',
    });
    const open = JSON.parse(stdout) as Record<string, boolean>;
    for (const name of [
      'file',
      'write',
      'spawn',
      'worker',
      'inspector',
      'wasi',
      'sqlite',
      'environment',
      'network',
      'dns',
    ]) {
      expect(open[name], name).to.equal(false);
    }
  });

  it('hold an address space without secrets: the environment is empty and no descriptor of the host is open', () => {
    const pids = childPids(process.pid);
    expect(pids.length).to.be.greaterThan(0);
    for (const pid of pids) {
      expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).to.equal('');
    }
  });

  it('give way to the host in every thread, so that it answers while a plugin computes', () => {
    for (const pid of childPids(process.pid)) {
      for (const thread of readdirSync(`/proc/${pid}/task`))
        expect(getPriority(Number(thread)), thread).to.equal(Math.min(19, getPriority() + 2));
    }
  });

  it('keep new privileges away', function () {
    if (!hasSetpriv()) this.skip();
    for (const pid of childPids(process.pid))
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).to.match(/NoNewPrivs:\s+1/);
  });

  it('start Node without an inspector, without sqlite and with the permission model', () => {
    const line = commandLine().join(' ');
    for (const flag of ['--permission', '--no-experimental-sqlite', '--no-node-snapshot'])
      expect(line).to.include(flag);
    expect(line).not.to.match(/--inspect|--allow-(fs-write|child-process|worker|net|wasi|inspector)/);
  });
});

describe('a host that is killed', () => {
  it('leaves no sandbox process behind', async function () {
    if (!hasSetpriv()) this.skip();
    const host = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'host.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(host.stdout, 'data');
    const pids = childPids(host.pid ?? 0);
    expect(pids.length).to.be.greaterThan(1);
    host.kill('SIGKILL');
    await until(() => pids.every((pid) => !isRunning(pid)));
  });
});

function childPids(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(parent)], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes('child/process.ts'))
    .map((line) => Number.parseInt(line, 10));
}

function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
