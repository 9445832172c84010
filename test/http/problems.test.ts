import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { failures } from '../../sdk/contract/failures.ts';
import { problems } from '../../sdk/contract/problems.ts';
import type { RunningHost } from '../helpers/host.ts';
import { sharedHost } from '../helpers/shared-host.ts';

const root = join(import.meta.dirname, '../..');

describe('What failed, and the way out', function () {
  this.timeout(60_000);
  let host: RunningHost;
  let page: string;
  before(async () => {
    host = await sharedHost();
    page = await (await fetch(`${host.url}/docs/problems`)).text();
  });

  it('is told on one page for every failure', () => {
    for (const name of [...Object.keys(failures), ...Object.keys(problems)])
      expect(page, name).to.contain(`id="${name}"`);
    for (const { title, way_out } of Object.values(problems)) expect([title, ...way_out].every(Boolean)).to.equal(true);
  });

  it('is linked from every failed answer', async () => {
    for (const [method, path, body] of [
      ['GET', '/integrations/int_none', undefined],
      ['POST', '/integrations', {}],
      ['GET', '/nothing', undefined],
      ['POST', '/integrations/oauth/callback', { state: 'unknown', code: 'x' }],
    ] as const) {
      const answer = await host.request(method, path, body === undefined ? {} : { body });
      const link = /<\/docs\/problems#([\w-]+)>; rel="help"/.exec(answer.headers.get('link') ?? '');
      expect(link?.[1], `${method} ${path}`).to.be.a('string');
      expect(page).to.contain(`id="${link?.[1]}"`);
    }
  });

  it('is named in the answer where there is a way out', async () => {
    const answer = await host.request('POST', '/integrations/oauth/callback', {
      body: { state: 'unknown', code: 'x' },
    });
    expect(answer.body.content.help).to.equal('/docs/problems#oauth-state');
  });

  it('has no entry that nothing leads to', () => {
    const sources = ['core', 'sdk']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((one) => join(root, folder, one)),
      )
      .filter((file) => file.endsWith('.ts') && !file.includes('/console/') && !file.endsWith('contract/problems.ts'));
    const text = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
    for (const name of Object.keys(problems)) expect(text.includes(`'${name}'`), name).to.equal(true);
  });
});
