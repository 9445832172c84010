import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { numbers } from '../jobs/chaos.ts';

const seed = Number(process.env.SEED ?? 1);
const rounds = Number(process.env.ROUNDS ?? 10);
const calls = 1_000;
const atOnce = 16;

const manifest = {
  ...{ manifest_version: 1, name: '@mine/mixed', version: '1.0.0', display_name: 'Mixed' },
  engines: { patchbay: '>=1.0.0' },
  configuration: {
    type: 'object',
    properties: { name: { type: 'string' }, api_key: { type: 'string', format: 'secret' } },
  },
  actions: { show: { title: 'Show', input: { type: 'object' } } },
};
const handlers = `{ actions: { async show(ctx, { n }) {
  return { n, project: ctx.project.id, name: ctx.config.name, mac: await ctx.crypto.hmac('sha256', 'api_key', String(n), 'hex') };
} } }`;

// Together 10,000 calls with the default ten rounds; each round begins with other settings.
describe(`two projects with one plugin, ${rounds} × ${calls} calls over HTTP (seed ${seed})`, function mixed() {
  this.timeout(0);
  let host: RunningHost;
  let path: string;
  let token: string;
  let projects: [string, string];

  before(async () => {
    host = await startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true' } });
    const bundle = `export default { manifest: ${JSON.stringify(manifest)}, handlers: ${handlers} };`;
    const made = await host.request('POST', '/plugins', { body: { name: manifest.name, manifest, bundle } });
    expect(made.status, made.text).to.equal(201);
    path = `/plugins/${made.body.content.id}`;
    const add = async (name: string) => (await host.request('POST', '/projects', { body: { name } })).body.content.id;
    projects = [await add('One'), await add('Two')];
    // A key may ask more often than a person.
    token = (await host.request('POST', '/api-keys', { body: { name: 'k', scopes: ['admin'] } })).body.content.key;
  });
  after(() => host.remove());

  const random = numbers(seed);
  for (let round = 1; round <= rounds; round += 1) {
    it(`round ${round}: each call sees its own project’s settings and secret, none another’s`, async () => {
      const settings = new Map(
        projects.map((id, i) => [id, { name: `name ${i} in round ${round}`, api_key: `key-${i}-${round}-${seed}` }]),
      );
      for (const [project_id, configuration] of settings) {
        const written = await host.request('PUT', `${path}/configuration`, {
          token,
          body: { project_id, configuration },
        });
        expect(written.status, written.text).to.equal(200);
      }
      const seen: unknown[] = [];
      const wanted: unknown[] = [];
      const order = Array.from({ length: calls }, (_, n) => ({ n, project: projects[random(2)] as string }));
      const worker = async (first: number) => {
        for (let at = first; at < calls; at += atOnce) {
          const { n, project } = order[at] as (typeof order)[number];
          const { name, api_key } = settings.get(project) as { name: string; api_key: string };
          wanted[n] = { n, project, name, mac: createHmac('sha256', api_key).update(String(n)).digest('hex') };
          const body = { input: { n }, project_id: project };
          const answer = await host.request('POST', `${path}/actions/show`, { token, body });
          seen[n] = answer.body.content?.output ?? answer.text;
        }
      };
      await Promise.all(Array.from({ length: atOnce }, (_, first) => worker(first)));
      expect(new Set(order.map(({ project }) => project)).size).to.equal(2);
      expect(seen).to.deep.equal(wanted);
    });
  }
});
