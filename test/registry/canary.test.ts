import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { generateKeys } from '../../sdk/package/index.ts';
import type { RunningHost } from '../helpers/host.ts';
import { sharedHost } from '../helpers/shared-host.ts';
import { packed } from './parts.ts';

const keys = generateKeys();
const name = '@canary-http/tool';
const steady = `{ actions: { async version() { return '1.0.0'; } } }`;
const throwing = `{ actions: { async version() {
  globalThis.n = (globalThis.n ?? 0) + 1;
  if (globalThis.n % 10 < 3) throw new Error('three of ten');
  return '1.1.0';
} } }`;

describe('a release on trial that throws in 30 % of its calls', function canary() {
  this.timeout(90_000);
  let host: RunningHost;
  let folder: string;
  let id: string;
  const projects: string[] = [];

  before(async () => {
    host = await sharedHost();
    folder = mkdtempSync(join(tmpdir(), 'patchbay-canary-'));
    await host.request('POST', '/registry/publishers', { body: { name: '@canary-http', public_key: keys.public_key } });
    for (const [version, handlers] of Object.entries({ '1.0.0': steady, '1.1.0': throwing })) {
      const bytes = await packed(folder, { name, version, actions: { version: { title: 'Version' } } }, handlers, keys);
      const headers = { 'content-type': 'application/gzip' };
      expect((await host.request('POST', '/registry/plugins', { bytes, headers })).status).to.equal(201);
    }
    id = (await host.request('POST', '/plugins', { body: { name, version: '1.0.0' } })).body.content.id;
    for (let n = 0; n < 8; n += 1) {
      projects.push((await host.request('POST', '/projects', { body: { name: `Canary ${n}` } })).body.content.id);
    }
  });
  after(async () => {
    await host.request('DELETE', `/plugins/${id}`);
    for (const project of projects) await host.request('DELETE', `/projects/${project}`);
    rmSync(folder, { recursive: true, force: true });
  });

  const call = (project_id: string) =>
    host.request('POST', `/plugins/${id}/actions/version`, { body: { input: {}, project_id } });

  it('is halted by the host itself, every project is back on the stable one, and the audit log tells why', async () => {
    const started = await host.request('POST', `/plugins/${id}/upgrade`, {
      body: { version: '1.1.0', canary: { percent: 60, minutes: 30 } },
    });
    expect(started.body.content.plugin, started.text).to.include({ version: '1.0.0' });
    const state = () => host.request('GET', `/plugins/${id}/canary`);
    for (let round = 0; round < 40; round += 1) {
      await Promise.all(projects.map(call));
      if ((await state()).status === 404) break;
      if (round > 5) await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    expect((await state()).status, 'ended without anybody asking').to.equal(404);
    for (const project of projects) expect((await call(project)).body.content.output).to.equal('1.0.0');
    const audit = await host.request('GET', `/audit?target=${id}&size=100`);
    const told = audit.body.content.entries.map((entry: any) => [
      entry.action,
      entry.actor.label,
      entry.after?.version,
      entry.after?.reason ?? null,
    ]);
    expect(told).to.have.length(3);
    expect(told[0].slice(0, 3)).to.deep.equal(['plugin.canary_ended', 'canary', '1.0.0']);
    expect(told[0][3]).to.match(/^[23]\d\.\d % of its \d+ calls failed; of the stable release 0\.0 %$/);
    expect(told[1]).to.deep.equal(['plugin.canary_started', host.admin.email, '1.1.0', null]);
    expect(told[2].slice(0, 2)).to.deep.equal(['plugin.installed', host.admin.email]);
    const events = await host.request('GET', '/events?type=plugin.rolled_back');
    expect(events.body.content.events[0].data).to.include({ plugin_id: id, from_version: '1.1.0', reason: told[0][3] });
  });
});
