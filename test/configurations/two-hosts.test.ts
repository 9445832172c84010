import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { type EngineProcess, startEngine, temporaryFolder } from '../database/engine-process.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { sideload } from '../helpers/sideload.ts';

const withinMs = 1000;

describe('settings with two hosts on one database', function twoHosts() {
  this.timeout(120_000);
  const { folder, remove } = temporaryFolder();
  let engine: EngineProcess;
  let hosts: [RunningHost, RunningHost];
  let path: string;

  before(async () => {
    engine = await startEngine(folder);
    const env = {
      MONGODB_URI: engine.uri,
      ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      PATCHBAY_ALLOW_SIDELOAD: 'true',
    };
    hosts = [await startHost({ env }), await startHost({ env })];
    const properties = { n: { type: 'integer' }, api_key: { type: 'string', format: 'secret' } };
    const { id } = await sideload(hosts[0], {
      name: '@mine/shared',
      actions: {
        show: `async (ctx) => ({ n: ctx.config.n, mac: await ctx.crypto.hmac('sha256', 'api_key', 'x', 'hex') })`,
      },
      manifest: { configuration: { type: 'object', properties } },
    });
    path = `/plugins/${id}`;
  });
  after(async () => {
    for (const host of hosts ?? []) await host.remove();
    await engine.kill('SIGTERM');
    remove();
  });

  const show = async (host: RunningHost) => {
    const answer = await host.request('POST', `${path}/actions/show`, { body: { input: {} } });
    return answer.body.content?.output ?? { code: answer.body.code };
  };

  /** Changes settings on one host; answers how many ms later the first call on the other began that went by them. */
  async function heardAfter(from: RunningHost, to: RunningHost, body: object, isNew: (output: any) => boolean) {
    const before = await show(to);
    expect(isNew(before), JSON.stringify(before)).to.equal(false);
    const written = await from.request('PUT', `${path}/configuration`, { body });
    expect(written.status, written.text).to.equal(200);
    const acknowledged = performance.now();
    for (;;) {
      const began = performance.now() - acknowledged;
      if (isNew(await show(to))) return began;
      // A call that began in time may end later; one that began too late has failed.
      if (began > withinMs) throw new Error(`not seen by a call ${began} ms after the change`);
    }
  }

  it('are seen by calls on the other within a second after a change on one, in both directions', async () => {
    const took: number[] = [];
    const first = await hosts[0].request('PUT', `${path}/configuration`, {
      body: { configuration: { n: 0, api_key: 'first secret' } },
    });
    expect(first.status, first.text).to.equal(200);
    for (let n = 1; n <= 10; n += 1) {
      const [from, to] = n % 2 === 0 ? hosts : ([hosts[1], hosts[0]] as const);
      const body = { configuration: { n, api_key: '••••' } };
      took.push(await heardAfter(from, to, body, (output) => output.n === n));
    }
    process.stdout.write(`      seen after ${took.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
    expect(Math.max(...took)).to.be.lessThan(withinMs);
  });

  it('so are another secret and switching the plugin off and on', async () => {
    const { mac } = await show(hosts[1]);
    const secret = { configuration: { n: 0, api_key: 'second secret' } };
    await heardAfter(hosts[0], hosts[1], secret, (output) => output.mac !== undefined && output.mac !== mac);
    await heardAfter(hosts[0], hosts[1], { is_active: false }, (output) => output.code === 'F40009');
    await heardAfter(hosts[1], hosts[0], { is_active: true }, (output) => output.n === 0);
  });
});
