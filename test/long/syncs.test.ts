import { type RunningHost, startHost } from '../helpers/host.ts';
import { eventually } from '../helpers/processes.ts';
import { type DemoVendor, demoEnv, demoManifest, installDemo, startDemoVendor } from '../integrations/demo-vendor.ts';
import { killDuringSync } from '../syncs/kills.ts';

const seed = Number(process.env.SEED ?? 1);
const rounds = Number(process.env.ROUNDS ?? 200);

/** Host, every sandbox process, and vendor, killed at 200 moments of full syncs unless told otherwise. */
describe(`Syncs through kills (seed ${seed})`, function () {
  this.timeout(180_000);
  let host: RunningHost;
  let vendor: DemoVendor;
  let id: string;
  let state = seed;
  const chance = (below: number): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };

  before(async () => {
    vendor = await startDemoVendor();
    host = await startHost({ env: demoEnv });
    await installDemo(host, demoManifest(vendor));
    for (let index = 0; index < 150; index += 1) vendor.put(`t${index}`);
    const made = await host.request('POST', '/integrations', {
      body: { integration_type: 'demo', name: 'Main', auth_config: { access_token: 'good-token-0123456789' } },
    });
    id = made.body.content.id;
    // The rounds count what changed since the sync before.
    const first = await host.request('POST', `/integrations/${id}/sync`, { body: { sync_type: 'full' } });
    const at = `/integrations/${id}/sync/${first.body.content.id}`;
    await eventually(
      'the first sync ends',
      async () => (await host.request('GET', at)).body.content.status === 'succeeded',
    );
  });
  after(async () => {
    vendor.close();
    await host.remove();
  });

  for (let round = 1; round <= rounds; round += 1) {
    const victim = (['host', 'sandbox', 'vendor'] as const)[chance(3)] ?? 'host';
    const kill = { victim, at_page: 1 + chance(7), delay_ms: chance(60) };
    it(`round ${round}: the ${victim} at page ${kill.at_page}, ${kill.delay_ms} ms later`, () =>
      killDuringSync(host, vendor, id, kill));
  }
});
