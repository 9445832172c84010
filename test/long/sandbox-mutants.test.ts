import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Mutant, mutantGround, mutantsOf } from '../sandbox/mutants.ts';

/** Mutants tried in one run; `--rounds 1000` tries all. */
const ROUNDS = Number(process.env.ROUNDS ?? 60);
const SEED = Number(process.env.SEED ?? 1);

/** What stands at the boundary, on both sides of it, and the tests that must notice when a condition of it is wrong. */
const GROUND: Record<string, string[]> = {
  'sandbox/capabilities': [
    'test/sandbox/judges.test.ts',
    'test/sandbox/grant-judges.test.ts',
    'test/sandbox/capabilities.test.ts',
  ],
  'sandbox/limits.ts': ['test/sandbox/capabilities.test.ts'],
  'sandbox/pool/check-json.ts': ['test/sandbox/judges.test.ts'],
  'sandbox/protocol.ts': ['test/sandbox/protocol.test.ts'],
  'sandbox/pool/answer-ask.ts': [
    'test/sandbox/capabilities.test.ts',
    'test/sandbox/calls.test.ts',
    'test/sandbox/replay.test.ts',
    'test/security/sandbox/forged-frames.test.ts',
  ],
  'sandbox/child/requests.ts': [
    'test/sandbox/calls.test.ts',
    'test/sandbox/streams.test.ts',
    'test/security/sandbox/floods.test.ts',
  ],
  'sandbox/guest/asks.js': ['test/sandbox/calls.test.ts', 'test/security/sandbox/floods.test.ts'],
  'sandbox/guest/runtime.js': [
    'test/sandbox/calls.test.ts',
    'test/sandbox/streams.test.ts',
    'test/sandbox/replay.test.ts',
    'test/sandbox/inspect.test.ts',
    'test/security/sandbox/modules.test.ts',
  ],
};
const CAPABILITIES = [
  'crypto',
  'emit',
  'fetch',
  'files',
  'log',
  'match-host',
  'match-path',
  'records',
  'schedule',
  'store',
];

/** Mutants that change nothing that anyone could see: `file | the line as it was | what it became`, with the reason after `#`. */
const HARMLESS = new Set(
  readFileSync(join(import.meta.dirname, 'harmless-mutants.txt'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== ''),
);

function all(): { mutant: Mutant; tests: string[] }[] {
  return Object.entries(GROUND).flatMap(([path, tests]) => {
    const files = path.includes('.') ? [path] : CAPABILITIES.map((name) => `${path}/${name}.ts`);
    return files.flatMap((file) => mutantsOf(file).map((mutant) => ({ mutant, tests })));
  });
}

/** A seeded order, so that runs with other seeds try other mutants. */
function shuffled<Item>(list: Item[], seed: number): Item[] {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return list
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe('a wrong condition of a judge', function mutants() {
  this.timeout(0);

  it('makes a test fail, or is listed as harmless with its reason', async () => {
    const ground = mutantGround();
    const survivors: string[] = [];
    const chosen = shuffled(all(), SEED).slice(0, ROUNDS);
    try {
      // Tests that fail by themselves would kill every mutant.
      const tests = [...new Set(chosen.flatMap((one) => one.tests))];
      expect(await ground.passes(tests), 'the tests without a mutant').to.equal(true);
      for (const { mutant, tests } of chosen) {
        const name = `${mutant.file} | ${mutant.before.trim()} | ${mutant.text.trim()}`;
        if (HARMLESS.has(name) || (await ground.isKilled(mutant, tests))) continue;
        survivors.push(name);
        console.log(`      survives: ${mutant.file}:${mutant.line} ${name}`);
      }
    } finally {
      ground.remove();
    }
    console.log(`      ${chosen.length} of ${all().length} mutants tried, ${survivors.length} survive`);
    expect(survivors).to.deep.equal([]);
  });
});
