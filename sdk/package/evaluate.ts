import { createContext, Script } from 'node:vm';
import { Failure } from '../contract/failure.ts';
import { quote } from '../contract/quote.ts';
import { scriptGlobal, toScript } from './to-script.ts';

/** What the top level of a plugin may use while its manifest is read; the sandbox has these and more. */
const globals = {
  ...{ URL, URLSearchParams, TextEncoder, TextDecoder, Headers, Request, Response, FormData, AbortController },
  ...{ AbortSignal, structuredClone, atob, btoa, crypto, console },
};

/**
 * Runs the top level of an author's own code to read its manifest and the names of its handlers. For the author's
 * machine only: a `vm` context is no wall. A host learns the same from `inspect` of the sandbox.
 *
 * @throws {Failure} validation_failed when the code throws, or exports no plugin
 */
export async function evaluate(pluginJs: string): Promise<{ manifest: unknown; handlers: string[] }> {
  const script = await toScript(pluginJs);
  const context = createContext({ ...globals });
  try {
    new Script(script, { filename: 'plugin.js' }).runInContext(context, { timeout: 5_000 });
  } catch (cause) {
    const reason =
      cause instanceof Error || (typeof cause === 'object' && cause !== null && 'message' in cause)
        ? cause.message
        : cause;
    const message = `plugin.js throws while it is loaded: ${quote(reason)}; only handlers may do work`;
    throw new Failure('validation_failed', { message, cause });
  }
  const plugin: unknown = context[scriptGlobal]?.default;
  if (typeof plugin !== 'object' || plugin === null || !('handlers' in plugin)) {
    const message =
      'plugin.js has no plugin as its default export; write "export default definePlugin(manifest, handlers)"';
    throw new Failure('validation_failed', { message });
  }
  const manifest: unknown = 'manifest' in plugin ? JSON.parse(JSON.stringify(plugin.manifest) ?? 'null') : undefined;
  return { manifest, handlers: handlerNames(plugin.handlers) };
}

/** Names of all functions in a handlers object, as the sandbox reports them: `connect`, `actions.create_issue`, … */
export function handlerNames(handlers: unknown, prefix = ''): string[] {
  if (typeof handlers === 'function') return [prefix];
  if (typeof handlers !== 'object' || handlers === null) return [];
  return Object.entries(handlers).flatMap(([name, child]) => handlerNames(child, prefix ? `${prefix}.${name}` : name));
}
