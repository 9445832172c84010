import { spawn } from 'node:child_process';
import { openSync, unlinkSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RECORDER_BYTES } from '../../../sandbox/pool/flight-recorder.ts';
import type { Launched } from '../../../sandbox/pool/launch.ts';
import type { Started } from '../../sandbox/start.ts';
import { startSandbox, until } from '../../sandbox/start.ts';

function launchTakenOver(): Launched {
  const path = join(tmpdir(), `patchbay-test-${process.pid}-${Math.random()}`);
  const recorder = openSync(path, 'wx+');
  unlinkSync(path);
  writeSync(recorder, Buffer.alloc(RECORDER_BYTES));
  const entry = join(import.meta.dirname, 'taken-over.ts');
  const child = spawn(process.execPath, ['--no-warnings', entry], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', recorder],
  });
  return { process: child, channel: child.stdio[3] as Socket, recorder };
}

/** Lies after which the process must be gone. */
const ENDED = [
  'length beyond the limit',
  'length of nothing',
  'more parts than there are',
  'part past its frame',
  'bytes of no part',
  'unknown kind',
  'call that never was',
  'call zero',
  'operation that does not exist',
  'operation of the guest',
  'request that is no JSON',
  'request in two parts',
  'request beyond every size',
  'host call without end',
  'ticket zero',
  'ticket twice',
  'host call more than may be at once',
  'log flood',
  'log that is no line',
  'journal that is no list',
  'journal of words',
  'journal that is cut by a word',
  'journal of more than is read',
  'journal for the second time',
  'error that is no object',
  'error of a type of its own',
  'error that is no JSON',
  'barriers again',
  'ready again',
];

describe('an attack by forged frames from a taken-over sandbox process', function () {
  this.timeout(60_000);
  let started: Started;
  before(async () => {
    started = await startSandbox({}, { launch: launchTakenOver });
    started.plugin('liar', '{}');
  });
  after(() => started.sandbox.close());
  beforeEach(() => {
    started.sandbox.resume('liar');
    for (const list of Object.values(started.seen)) list.length = 0;
  });
  // A call waits for a place no longer than it may run, and each lie costs the process that told it.
  const run = (lie: string) =>
    started.run('liar', lie, [], { grants: [{ name: 'storage' }], limits: { wall_ms: 20_000 } });

  it('is not what an honest answer looks like', async () => {
    expect(await run('honest')).to.deep.include({ ok: true, output: '"fine"' });
    expect(await run('honest journal')).to.deep.include({ ok: true, output: '"fine"' });
  });

  for (const lie of ENDED) {
    it(`ends the process for a ${lie}`, async () => {
      const kills = () =>
        Object.entries(started.sandbox.metrics().kills).reduce((n, [k, v]) => (k === 'forged' ? n + v : n), 0);
      const before = kills();
      const result = await run(lie);
      expect(result.ok).to.equal(false);
      if (!result.ok) expect(result.error.type).to.equal('killed');
      await until(() => kills() > before);
      expect(await run('honest')).to.deep.include({ ok: true, output: '"fine"' });
      expect(started.seen.fetch).to.have.length(0);
    });
  }

  it('ends the process for an answer to a call that does not exist', async () => {
    const before = started.sandbox.metrics().kills.forged ?? 0;
    expect(await run('page in place of an answer to nobody')).to.deep.include({ ok: true, output: '1' });
    await until(() => (started.sandbox.metrics().kills.forged ?? 0) > before);
  });

  it('ends the process for a second code cache', async () => {
    const before = started.sandbox.metrics().kills.forged ?? 0;
    await run('code cache that nobody wanted');
    await until(() => (started.sandbox.metrics().kills.forged ?? 0) > before);
  });

  for (const lie of [
    'answer that opens more than it closes',
    'answer with a text without end',
    'answer nested ten thousand deep',
  ]) {
    it(`refuses an ${lie}`, async () => {
      const result = await run(lie);
      expect(result.ok ? result.output : result.error.type).to.equal('bad_answer');
    });
  }

  it('refuses an answer of ten megabytes', async () => {
    const result = await run('answer of ten megabytes');
    expect(result.ok ? 'taken' : result.error.type).to.equal('too_large');
  });

  for (const lie of ['fetch that was not granted', 'fetch with grants of its own']) {
    it(`denies a ${lie}, and counts it`, async () => {
      const result = await run(lie);
      expect(result.ok ? result.output : result.error.message).to.include('"code":"denied"');
      expect(result.usage.denied).to.have.length(1);
      expect(started.seen.fetch).to.have.length(0);
    });
  }

  it('believes no barrier of it: what is open is said', () => {
    expect(started.sandbox.barriers().file).to.equal(false);
  });
});
