import { registerHooks } from 'node:module';
import { extname } from 'node:path';

/** `.ts` in the repository, `.js` in the published SDK. */
const kind = extname(import.meta.filename);

/** Imports of `@patchbay/sdk` lead to this SDK, so that an author's tests run without anything installed. */
const entries: Record<string, string> = {
  '@patchbay/sdk': new URL(`../index${kind}`, import.meta.url).href,
  '@patchbay/sdk/testing': new URL(`../testing/index${kind}`, import.meta.url).href,
  '@patchbay/sdk/client': new URL(`../client/index${kind}`, import.meta.url).href,
};

registerHooks({
  resolve(specifier, context, next) {
    const own = Object.hasOwn(entries, specifier) ? entries[specifier] : undefined;
    return own === undefined ? next(specifier, context) : { url: own, shortCircuit: true };
  },
  load(url, context, next) {
    const loaded = next(url, context);
    const isModule =
      /^commonjs/.test(loaded.format ?? '') && !url.includes('/node_modules/') && hasImports(loaded.source);
    return isModule ? { ...loaded, format: (loaded.format ?? '').replace('commonjs', 'module') } : loaded;
  },
});

/** `npm init` writes `"type": "commonjs"` above a plugin; what is written as a module is one all the same. */
function hasImports(source: unknown): boolean {
  const text = typeof source === 'string' ? source : Buffer.from((source ?? '') as Uint8Array).toString('utf8');
  return /^\s*(?:import\b[^(]|export\b)/m.test(text);
}
