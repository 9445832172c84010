// How long a plugin of 265 KB takes to start in a fresh room, by turns without and with the code cache that a first start
// made, for test/bench/sandbox.ts (every file in test/bench is a benchmark): node cold-start.ts <rounds>.
import { isolatedVmEngine } from '../../sandbox/child/isolated-vm.ts';
import { script } from './start.ts';

const rounds = Number(process.argv[2]);
const functions = Array.from(
  { length: 1900 },
  (_, i) =>
    `function f${i}(a, b) { if (a > ${i}) { return { value: b + ${i}, list: [a, b, ${i}], text: 'function number ${i}' }; } return null; }`,
);
const first = Array.from({ length: 1900 }, (_, i) => `n += f${i}(${i + 1}, n) ? 1 : 0;`);
const source = script('{ actions: { go: async () => n } }', `${functions.join('\n')}\nlet n = 0;\n${first.join('\n')}`);

const engine = isolatedVmEngine();

function start(cache?: Uint8Array) {
  const began = performance.now();
  const room = engine.open({ heap_mb: 32, seed: '00'.repeat(32), host: () => 1, onCatastrophe: () => {} });
  if (!room.run(source, 'x', 5000, cache)) throw new Error('the engine refused the cache that it had made');
  return { room, ms: performance.now() - began };
}

const { room } = start();
const cache = room.cache(source, 'x') ?? undefined;
room.close();
const cold: number[] = [];
const cached: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  for (const [times, given] of [
    [cold, undefined],
    [cached, cache],
  ] as const) {
    const one = start(given);
    times.push(one.ms);
    one.room.close();
  }
}
process.stdout.write(JSON.stringify({ bytes: source.length, cold, cached }));
