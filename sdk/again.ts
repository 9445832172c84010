/** The sandbox knows it by this name. A symbol cannot come out of JSON, so no vendor's answer is ever taken for it. */
const goesOn: unique symbol = Symbol.for('patchbay.again') as never;

/** What `again` gives; an action returns it in place of its output. */
export interface Again {
  readonly [goesOn]: { readonly after_s: number; readonly state: unknown };
}

/**
 * For work that is longer than a call: an action returns this in place of its output, and is called again with the same
 * input and with `state` as its third argument. Between two calls nothing runs and nothing is held; the settings, grants
 * and release of then apply. Whoever began the action finds its end under the first invocation.
 *
 * @param seconds until the next call, 0 to 86,400; at most 1,000 calls and 7 days in all
 * @param state what the next call needs, as JSON of at most 64 KB; never a secret
 * @returns what the action is to return
 *
 * @example
 * import { again, definePlugin } from '@patchbay/sdk';
 *
 * export default definePlugin(
 *   {
 *     manifest_version: 1, name: '@acme/reports', version: '1.0.0',
 *     permissions: [{ name: 'network', hosts: ['api.acme.com'], reason: 'To make reports' }],
 *     actions: { report: { title: 'Make a report' } },
 *   },
 *   {
 *     actions: {
 *       report: async (ctx, _input, state) => {
 *         const id = state ?? (await (await ctx.fetch('https://api.acme.com/reports', { method: 'POST' })).json<{ id: string }>()).id;
 *         const report = await (await ctx.fetch(`https://api.acme.com/reports/${id}`)).json<{ done: boolean; url: string }>();
 *         return report.done ? { url: report.url } : again(30, id);
 *       },
 *     },
 *   },
 * )
 */
export function again(seconds: number, state?: unknown): Again {
  return { [goesOn]: { after_s: seconds, state } };
}
