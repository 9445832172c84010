import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunningHost } from '../helpers/host.ts';
import { sharedHost } from '../helpers/shared-host.ts';

describe('Idempotency-Key', () => {
  let host: RunningHost;
  before(async function () {
    this.timeout(60_000);
    host = await sharedHost();
  });

  const make = (key: string, name: string) =>
    host.request('POST', '/projects', { body: { name }, headers: { 'idempotency-key': key } });

  it('the same key and body make one thing and answer the same twice', async () => {
    const key = randomUUID();
    const first = await make(key, 'once');
    const second = await make(key, 'once');
    expect(first.body.code).to.equal('S10000');
    expect(second.body).to.deep.equal(first.body);
    expect(second.status).to.equal(first.status);
    expect(second.headers.get('idempotency-replayed')).to.equal('true');
  });

  it('the same key with another body is F40009', async () => {
    const key = randomUUID();
    await make(key, 'one');
    expect((await make(key, 'other')).body.code).to.equal('F40009');
  });

  it('ten requests at once with one key make one thing', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => make(key, 'raced')));
    const ids = new Set(answers.filter(({ body }) => body.code === 'S10000').map(({ body }) => body.content.id));
    expect(ids.size).to.equal(1);
    for (const { body } of answers) expect(body.code).to.be.oneOf(['S10000', 'F40009']);
    const list = await host.request('GET', '/projects?size=100');
    expect((list.body.content.projects as { name: string }[]).filter(({ name }) => name === 'raced')).to.have.length(1);
  });

  it('a failure is not kept: the same key may try again', async () => {
    const key = randomUUID();
    expect((await make(key, '')).body.code).to.equal('F40022');
    expect((await make(key, 'mended')).body.code).to.equal('S10000');
  });

  it('a key means another request in another workspace', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const other = (await host.request('POST', '/workspaces', { body: { name: 'Elsewhere' } })).body.content.id;
    const body = { name: `here and there ${randomUUID()}` };
    const here = await host.request('POST', '/projects', { body, headers });
    const there = await host.request('POST', '/projects', { body, headers: { ...headers, 'x-workspace-id': other } });
    expect([here.status, there.status]).to.deep.equal([201, 201]);
    expect(there.body.content.id).to.not.equal(here.body.content.id);
  });

  it('an API key that is shown once is shown again to the same key, and is not in the data folder in the clear', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { name: 'shown once', scopes: ['plugins:read'] };
    const first = await host.request('POST', '/api-keys', { body, headers });
    const second = await host.request('POST', '/api-keys', { body, headers });
    expect(second.body.content.key)
      .to.equal(first.body.content.key)
      .and.to.match(/^pb_live_/);
    const key = Buffer.from(first.body.content.key as string);
    const stored = readdirSync(host.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(stored).to.not.be.empty;
    for (const { parentPath, name } of stored)
      expect(readFileSync(join(parentPath, name)).includes(key), name).to.equal(false);
  });
});
