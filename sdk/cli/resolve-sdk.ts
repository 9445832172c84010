import { registerHooks } from 'node:module';

/** Imports of `@patchbay/sdk` lead to this SDK, so that an author's tests run without anything installed. */
const entries: Record<string, string> = {
  '@patchbay/sdk': new URL('../index.ts', import.meta.url).href,
  '@patchbay/sdk/testing': new URL('../testing/index.ts', import.meta.url).href,
  '@patchbay/sdk/client': new URL('../client/index.ts', import.meta.url).href,
};

registerHooks({
  resolve(specifier, context, next) {
    const own = Object.hasOwn(entries, specifier) ? entries[specifier] : undefined;
    return own === undefined ? next(specifier, context) : { url: own, shortCircuit: true };
  },
});
