import { attacks } from './attack.ts';

/** Is there a Node behind this constructor of functions? */
const SEEKS = `const seek = (F) => { try { return F('return typeof process !== "undefined" || typeof require !== "undefined" || typeof module !== "undefined"')(); } catch { return false; } };`;

const chain = (title: string, maker: string) => ({ title, code: `${SEEKS} return seek(${maker});` });

attacks('constructor chains', [
  chain('finds no Node behind the constructor of a function', '(() => {}).constructor'),
  chain('finds no Node behind the constructor of an async function', '(async () => {}).constructor'),
  chain(
    'finds no Node behind the constructor of a generator',
    '((text) => () => (function* () {}).constructor(text)().next().value)',
  ),
  chain('finds no Node behind the constructor of `this`', '({}).constructor.constructor'),
  chain('finds no Node behind the context', 'ctx.constructor.constructor'),
  chain('finds no Node behind ctx.fetch', 'ctx.fetch.constructor'),
  chain('finds no Node behind ctx.log', 'ctx.log.constructor'),
  chain('finds no Node behind ctx.store.get', 'ctx.store.get.constructor'),
  chain('finds no Node behind the input', 'input.constructor.constructor'),
  chain('finds no Node behind the configuration', 'ctx.config.constructor.constructor'),
  chain('finds no Node behind a timer', 'setTimeout.constructor'),
  chain('finds no Node behind console', 'console.log.constructor'),
  chain('finds no Node behind crypto', 'crypto.getRandomValues.constructor'),
  chain('finds no Node behind the abort signal', 'ctx.signal.constructor.constructor'),
  chain('finds no Node behind Symbol.species', 'Array[Symbol.species].constructor'),
  {
    title: 'finds no Node behind the error of a refused fetch',
    code: `${SEEKS} try { await ctx.fetch('https://evil.example/'); return true; } catch (e) { return seek(e.constructor.constructor); }`,
  },
  {
    title: 'finds no Node behind the promise of a fetch',
    code: `${SEEKS} const p = ctx.fetch('https://evil.example/'); p.catch(() => {}); return seek(p.constructor.constructor) || seek(p.then.constructor);`,
  },
  {
    title: 'finds no global of Node in an indirect eval',
    code: `return (0, eval)('typeof process + typeof require + typeof global') !== 'undefined'.repeat(3);`,
  },
  {
    title: 'finds no caller up the stack of a sloppy function',
    code: `function sloppy() { return sloppy.caller; } const f = new Function('g', 'return g()'); let c; try { c = f(sloppy); } catch { return false; } return typeof c === 'function' && c !== f && /host|isolate|process/.test(String(c));`,
  },
]);
