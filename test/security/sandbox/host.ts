/** A host with a busy sandbox, for `barriers.test.ts` to kill: it says "ready" when a plugin is spinning. */
import { startSandbox } from '../../sandbox/start.ts';

const { plugin, run } = await startSandbox({ limits: { cpu_ms: 60_000, wall_ms: 60_000 } });
plugin('spin', '{ actions: { go: async () => { for (;;); } } }');
run('spin', 'actions.go');
setTimeout(() => console.log('ready'), 100);
