// The heavy rounds: seeded, resumable. npm run test:long -- [--rounds N] [--seed S] [--only jobs,database] [--from FILE]
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, from: { type: 'string' } },
});
const seed = values.seed ?? String(randomInt(1, 2 ** 31));
const only = values.only?.split(',');
const files = readdirSync(join(root, 'test/long'))
  .filter((name) => name.endsWith('.test.ts'))
  .sort()
  .filter((name) => !only || only.includes(name.slice(0, -'.test.ts'.length)))
  .filter((name) => values.from === undefined || name >= values.from);

for (const name of files) {
  console.log(`\n# ${name} (seed ${seed}${values.rounds ? `, rounds ${values.rounds}` : ''})`);
  const run = spawnSync(
    process.execPath,
    ['node_modules/mocha/bin/mocha.js', '--reporter', 'spec', '--timeout', '0', join('test/long', name)],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, SEED: seed, ...(values.rounds ? { ROUNDS: values.rounds } : {}) },
    },
  );
  if (run.status !== 0) {
    console.error(`${name} failed; go on from it with: npm run test:long -- --seed ${seed} --from ${name}`);
    process.exit(1);
  }
}
