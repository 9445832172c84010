import { expect } from 'chai';
import { attacks } from './attack.ts';

const PATH = String.raw`/(\/work\/|\/home\/|\/root\/|node_modules|node:|isolated-vm|process\.ts|calls\.ts)/`;

attacks('errors and stacks', [
  {
    title: 'sees no path of the host in the stack of its own error',
    code: `return ${PATH}.test(new Error('x').stack);`,
  },
  {
    title: 'sees no path of the host in the stack of a refusal',
    code: `try { await ctx.fetch('https://evil.example/'); } catch (e) { return ${PATH}.test(e.stack + e.message); } return true;`,
  },
  {
    title: 'gets no function of the runtime from Error.prepareStackTrace',
    code: `Error.prepareStackTrace = (e, sites) => sites; const sites = []; try { console.log({ toJSON() { sites.push(...new Error('x').stack); return 1; } }); } catch {} return sites.some((s) => { const f = s.getFunction?.(); const t = s.getThis?.(); return (typeof f === 'function' && /host|waiting/.test(String(f))) || (t && t !== globalThis && 'host' in Object(t)); });`,
  },
  {
    title: 'learns no file name of the host from call sites',
    code: `Error.prepareStackTrace = (e, sites) => sites.map((s) => String(s.getFileName?.()) + String(s.getEvalOrigin?.())).join(); return ${PATH}.test(new Error('x').stack);`,
  },
  {
    title: 'gets nothing from Error.captureStackTrace on the context',
    code: `const o = {}; Error.captureStackTrace(o); return ${PATH}.test(o.stack);`,
  },
  {
    title: 'throws null and hurts nobody',
    code: 'throw null;',
    ends: ['threw'],
  },
  { title: 'throws a symbol and hurts nobody', code: 'throw Symbol("x");', ends: ['threw'] },
  {
    title: 'throws a revoked proxy and hurts nobody',
    code: 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy;',
    ends: ['threw'],
  },
  {
    title: 'throws an error whose message is a getter that never returns',
    code: 'throw { get message() { for (;;); } };',
    ends: ['cpu_limit', 'starved'],
  },
  {
    title: 'throws an error with a message of millions of characters, which is cut',
    code: 'throw new Error("x".repeat(5_000_000));',
    ends: ['threw'],
  },
  {
    title: 'throws an error with a forged stack of the host, which is not believed',
    code: `const e = new Error('x'); e.stack = 'Error\\n    at secret (/srv/patchbay/core/vault/key.ts:1:1)\\n    at run (plugin://@other/plugin@9.9.9/plugin.js:1:1)'; throw e;`,
    ends: ['threw'],
    host: ({ seen }) => expect(JSON.stringify(seen)).not.to.include('vault'),
  },
  {
    title: 'throws an error that claims a type of the host, which is not believed',
    code: `throw Object.assign(new Error('x'), { type: 'starved', code: 'busy' });`,
    ends: ['threw'],
  },
  {
    title: 'claims to have been denied, which is not believed',
    code: `const e = new Error('x'); e.name = 'PermissionDenied'; throw e;`,
    ends: ['threw'],
  },
  {
    title: 'overflows the stack inside a getter of what it throws',
    code: 'throw { get message() { const f = () => f() + 1; return f(); } };',
    ends: ['threw'],
  },
  {
    title: 'overflows the stack just before it calls the host',
    code: `let out = false; const f = () => { try { f(); } catch (e) { try { ctx.log('x'); } catch (x) { out ||= ${PATH}.test(String(x.stack)); } throw e; } }; try { f(); } catch {} return out;`,
  },
]);
