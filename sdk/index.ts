import type { Manifest } from './contract/manifest.ts';
import type { Handlers } from './handlers.ts';

export { type Again, again } from './again.ts';
export type { Text } from './contract/language.ts';
export type { Manifest } from './contract/manifest.ts';
export type { Model, ModelName } from './contract/models.ts';
export type { Answer, Ctx, FetchInit, RecordQuery, Store } from './ctx.ts';
export { CursorExpired, Gone, Retry, VendorError } from './errors.ts';
export { batch, retry, throttle } from './flow/index.ts';
export type { Batch, Choice, Connected, Handlers, Pull, Received, Subscription, TriggerRequest } from './handlers.ts';

/** What `plugin.js` exports by default, and what the host loads. */
export interface Plugin<M extends Manifest = Manifest> {
  manifest: M;
  handlers: Handlers<M>;
}

/**
 * Joins a manifest and its handlers. Everything is inferred from the manifest literal: settings, inputs, outputs, events
 * and records; a missing or misspelt handler does not compile.
 *
 * @example
 * export default definePlugin(
 *   {
 *     manifest_version: 1, name: '@acme/hello', version: '1.0.0',
 *     actions: { greet: { title: 'Greet', input: { type: 'object', properties: { name: { type: 'string' } } } } },
 *   },
 *   { actions: { greet: async (ctx, { name }) => ({ text: `Hello ${name ?? 'world'}` }) } },
 * )
 */
export function definePlugin<const M extends Manifest>(manifest: M, handlers: Handlers<M>): Plugin<M> {
  return { manifest, handlers };
}
