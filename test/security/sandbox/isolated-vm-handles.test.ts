import { attacks } from './attack.ts';

/** Walks everything that can be reached from the given roots and hands each object to \`found\`. */
const WALK = `const walk = (roots, found) => { const seen = new Set(); const queue = [...roots]; while (queue.length && seen.size < 20000) { const o = queue.pop(); if ((typeof o !== 'object' && typeof o !== 'function') || o === null || seen.has(o)) continue; seen.add(o); if (found(o)) return true; try { queue.push(Object.getPrototypeOf(o)); for (const k of Reflect.ownKeys(o)) { const d = Object.getOwnPropertyDescriptor(o, k); if (d) queue.push(d.value, d.get, d.set); } } catch {} } return false; };`;

attacks('handles of isolated-vm', [
  {
    title: 'finds no ivm among the globals',
    code: `return 'ivm' in globalThis || '_ivm' in globalThis || '$0' in globalThis;`,
  },
  {
    title: 'reaches no Reference, Isolate or Context from its globals',
    code: `${WALK} return walk([globalThis], (o) => ['applySync', 'derefInto', 'createContextSync', 'evalClosure', 'compileScript'].some((k) => { try { return k in o; } catch { return false; } }));`,
  },
  {
    title: 'reaches no Reference, Isolate or Context from its context',
    code: `${WALK} return walk([ctx], (o) => ['applySync', 'derefInto', 'createContextSync', 'evalClosure', 'compileScript'].some((k) => { try { return k in o; } catch { return false; } }));`,
  },
  {
    title: 'reaches no host function: none that takes a call number and answers with a ticket',
    code: `${WALK} return walk([ctx, globalThis, setTimeout, ctx.fetch], (o) => { if (typeof o !== 'function' || o === Function.prototype) return false; return o.name === 'host' || o.name === 'enter'; });`,
  },
  {
    title: 'finds no bootstrap global',
    code: `return ['makeRuntime', 'modules', 'host', 'enter', 'calls', 'patchbay', '__patchbay'].some((k) => k in globalThis);`,
  },
  { title: 'cannot transfer a function of its own out as a result', code: 'return ctx.fetch;', ends: ['bad_answer'] },
  { title: 'cannot return a symbol', code: 'return Symbol.iterator;', ends: ['bad_answer'] },
  { title: 'cannot return a BigInt', code: 'return 10n;', ends: ['threw'] },
  { title: 'cannot return a ring', code: 'const a = {}; a.a = a; return a;', ends: ['threw'] },
  {
    title: 'finds no WebAssembly, SharedArrayBuffer or Atomics',
    code: `return ['WebAssembly', 'SharedArrayBuffer', 'Atomics'].some((k) => k in globalThis);`,
  },
  {
    title: 'gets no resizable buffer, by any constructor',
    code: `const tries = [() => new ArrayBuffer(8, { maxByteLength: 2 ** 30 }), () => Reflect.construct(ArrayBuffer, [8, { maxByteLength: 2 ** 30 }]), () => new (new ArrayBuffer(1).constructor)(8, { maxByteLength: 2 ** 30 }), () => new (Object.getPrototypeOf(new Uint8Array(1).buffer).constructor)(8, { maxByteLength: 2 ** 30 }), () => { class B extends ArrayBuffer {} return new B(8, { maxByteLength: 2 ** 30 }); }]; const get = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'resizable'); return get !== undefined || tries.some((t) => { try { return t().resize !== undefined; } catch { return false; } });`,
  },
  {
    title: 'gets no shared memory through a module of numbers',
    code: `try { return new Function('return new WebAssembly.Memory({initial:1,maximum:2,shared:true})')() !== null; } catch { return false; }`,
  },
]);
