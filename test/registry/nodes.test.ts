import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { keys, packed } from './parts.ts';

const root = join(import.meta.dirname, '../..');
const secret = 'canary-51f0c2a97be84d36';
const manifest = {
  name: '@nodes/tool',
  configuration: {
    type: 'object',
    properties: { color: { type: 'string', default: 'red' }, key: { type: 'string', format: 'secret' } },
  },
  actions: { color: { title: 'Color' } },
};
const handlers = '{ actions: { async color(ctx) { return { color: ctx.config.color }; } } }';

/** Asks again and again until it is so; answers after how many ms. */
async function until(look: () => Promise<boolean>): Promise<number> {
  const began = Date.now();
  while (Date.now() - began < 60_000) {
    if (await look()) return Date.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come about');
}

describe('two hosts on one database', function nodes() {
  this.timeout(120_000);
  let folder: string;
  let engine: ChildProcess;
  let one: RunningHost;
  let two: RunningHost;
  let id: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-nodes-'));
    engine = spawn(process.execPath, ['core/cli/main.ts', 'database'], {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', PATCHBAY_DATA: folder, LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const MONGODB_URI = await new Promise<string>((resolve, reject) => {
      engine.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()));
      engine.once('exit', () => reject(new Error('the database ended')));
    });
    const env = { MONGODB_URI, ENCRYPTION_KEY: 'ab'.repeat(32) };
    one = await startHost({ env });
    two = await startHost({ env });
    await one.request('POST', '/registry/publishers', { body: { name: '@nodes', public_key: keys.public_key } });
    const bytes = await packed(folder, manifest, handlers);
    await one.request('POST', '/registry/plugins', { bytes, headers: { 'content-type': 'application/gzip' } });
    id = (await one.request('POST', '/plugins', { body: { name: '@nodes/tool' } })).body.content.id;
  });
  after(async () => {
    await one?.remove();
    await two?.remove();
    engine?.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  const color = async (host: RunningHost) =>
    (await host.request('POST', `/plugins/${id}/actions/color`, { body: {} })).body.content.output?.color as string;

  it('find on one what was published on the other', async () => {
    await until(async () => {
      const found = await two.request('GET', '/plugins/marketplace?search=%40nodes%2Ftool');
      return found.body.content.plugins.some(({ name }: { name: string }) => name === '@nodes/tool');
    });
  });

  it('see on one the settings that were changed on the other', async () => {
    expect(await color(two)).to.equal('red');
    await one.request('PUT', `/plugins/${id}/configuration`, {
      body: { configuration: { color: 'blue', key: secret } },
    });
    expect(await color(one)).to.equal('blue');
    await until(async () => (await color(two)) === 'blue');
  });

  it('stop on one what was blocked on the other, and go on when that is undone', async () => {
    const path = '/registry/plugins/@nodes%2Ftool/block';
    await one.request('POST', path, { body: { reason: 'sends data home' } });
    await until(async () => (await two.request('POST', `/plugins/${id}/actions/color`, { body: {} })).status === 409);
    expect((await two.request('GET', `/plugins/${id}`)).body.content).to.include({
      status: 'blocked',
      status_reason: 'sends data home',
    });
    await one.request('DELETE', path);
    await until(async () => (await color(two)) === 'blue');
  });

  it('leave no secret setting in the clear in any file', async () => {
    const forms = [
      Buffer.from(secret),
      Buffer.from(secret, 'utf16le'),
      ...(['base64', 'hex'] as const).map((form) => Buffer.from(Buffer.from(secret).toString(form))),
    ];
    const places = [folder, one.data, two.data];
    let looked = 0;
    for (const place of places) {
      for (const entry of readdirSync(place, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const bytes = readFileSync(join(entry.parentPath, entry.name));
        looked += bytes.length;
        for (const form of forms) expect(bytes.includes(form), `${entry.name} holds the secret`).to.equal(false);
      }
    }
    expect(looked, 'bytes searched').to.be.greaterThan(100_000);
    for (const host of [one, two]) expect(host.output()).to.not.include(secret);
  });
});
