import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { type Collection, MongoClient } from 'mongodb';
import { openEngine } from '../../core/database/embedded/engine.ts';
import { CommandError } from '../../core/database/embedded/errors.ts';
import { startEngine, temporaryFolder } from './engine-process.ts';

/**
 * Runs the engine on a memory disk of its own, mounted at the data folder as `options` say; nobody else sees that mount, nor
 * a socket on it, so that it listens on a port.
 */
function onDisk(...options: string[]): string[] {
  const mounts = options.map((one) => `mount ${one} "$PATCHBAY_DATA"`).join(' && ');
  return ['unshare', '--mount', 'sh', '-c', `${mounts} && exec "$0" "$@" --port 0 --no-login`];
}

/** Only a machine that lets its user mount can show what a small or read-only disk does. */
const mountable = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe('the embedded database on a bad disk', () => {
  let place: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    place = temporaryFolder();
  });
  afterEach(() => place.remove());

  it('says in a sentence that a read-only data folder cannot be written', async function () {
    if (!mountable) this.skip();
    this.timeout(30_000);
    const error = await startEngine(place.folder, onDisk('-t tmpfs none', '-o remount,ro')).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(Error);
    expect(error.message).to.match(
      /^the engine ended with 1: The database cannot start: The data folder .+ cannot be written/,
    );
    expect(error.message).to.include('PATCHBAY_DATA').and.not.include('    at ');
  });

  it('refuses writes while its file is read-only, answers reads, and writes again afterwards', async () => {
    const engine = openEngine(place.folder);
    const { catalog, queue } = engine;
    await queue.submit(() => catalog.create('test', 'before'));
    catalog.connection.sqlite.exec('PRAGMA query_only = 1');
    const error = await queue.submit(() => catalog.create('test', 'meanwhile')).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(CommandError).and.include({ code: 14031 });
    expect((error as Error).message).to.include('cannot be written');
    expect(catalog.list('test').map(({ name }) => name)).to.deep.equal(['before']);
    catalog.connection.sqlite.exec('PRAGMA query_only = 0');
    await queue.submit(() => catalog.create('test', 'after'));
    expect(catalog.list('test').map(({ name }) => name)).to.deep.equal(['before', 'after']);
    engine.close();
  });

  it('goes on without a restart once a full disk has room again', async function () {
    if (!mountable) this.skip();
    this.timeout(30_000);
    const engine = await startEngine(place.folder, onDisk('-t tmpfs -o size=2m none'));
    const client = new MongoClient(engine.uri, { retryWrites: false });
    try {
      const things = client.db('test').collection('things');
      const stored = await fill(things);
      expect(await things.countDocuments({})).to.equal(stored);
      const room = ['-t', String(engine.process.pid), '-m', 'mount', '-o', 'remount,size=32m', place.folder];
      expect(spawnSync('nsenter', room).status).to.equal(0);
      await things.insertOne({ text: 'there is room' });
      expect(await things.countDocuments({})).to.equal(stored + 1);
    } finally {
      await client.close();
      await engine.kill('SIGTERM');
    }
    expect(engine.process.exitCode).to.equal(0);
  });
});

/** Inserts until the disk is full. @returns how many documents were acknowledged */
async function fill(things: Collection): Promise<number> {
  for (let stored = 0; stored < 1000; stored++) {
    const error: unknown = await things.insertOne({ text: 'x'.repeat(50_000) }).catch((thrown) => thrown);
    if (!(error instanceof Error)) continue;
    expect(error).to.include({ code: 14031 });
    return stored;
  }
  throw new Error('the disk was never full');
}
