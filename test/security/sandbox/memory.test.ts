import type { CallErrorType } from '../../../sandbox/index.ts';
import { attacks } from './attack.ts';

/** Out of memory in any of its forms; an engine that refuses the size at once throws a RangeError. */
const ends: CallErrorType[] = ['memory_limit', 'killed', 'cpu_limit', 'threw', 'starved', 'timeout', 'too_large'];
const bomb = (title: string, code: string) => ({ title, code, ends });

attacks('memory', [
  bomb('fills a list of a thousand million places', 'return new Array(1e9).fill(0).length;'),
  bomb('grows a list for ever', 'const a = []; for (;;) a.push(new Array(1000).fill(1));'),
  bomb('grows a Map for ever', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, i);'),
  bomb('grows a Set of texts for ever', 'const s = new Set(); for (let i = 0; ; i++) s.add("x" + i);'),
  bomb('doubles a text for ever', 'let s = "x"; for (;;) s += s;'),
  bomb('splits the longest text there is', `return 'x'.repeat(2 ** 29 - 24).split('').length;`),
  bomb('takes buffers for ever', 'const a = []; for (;;) a.push(new Uint8Array(1_000_000).fill(1));'),
  bomb('takes one enormous buffer', 'return new Uint8Array(2 ** 33).fill(1).length;'),
  bomb('takes BigInts for ever', 'let a = 3n; for (;;) a = a * a;'),
  bomb('returns a text of a hundred megabytes', `return 'x'.repeat(100_000_000);`),
  bomb('returns a list of many millions', 'return new Array(30_000_000).fill(1);'),
  bomb('serialises a deep object', `let o = {}; for (let i = 0; i < 5e6; i++) o = { o }; return o;`),
  bomb('makes closures for ever', 'const a = []; for (let i = 0; ; i++) a.push(() => i);'),
  bomb('makes promises for ever', 'const a = []; for (;;) a.push(new Promise(() => {}));'),
  bomb(
    'makes a regular expression remember for ever',
    `return 'a'.repeat(100_000).replace(/a/g, 'a'.repeat(100_000)).length;`,
  ),
  bomb('joins a sparse list of enormous length', 'return new Array(2 ** 32 - 1).join("x").length;'),
]);
