import { definePlugin } from '@patchbay/sdk';

/** Written for the tour: one action asks for more than was granted, the other never ends. */
const manifest = {
  manifest_version: 1,
  name: '@tour/mischief',
  version: '1.0.0',
  display_name: 'Mischief',
  description: 'Tries what a plugin must not do: reach a host that was not granted, and run for ever',
  license: 'MIT',
  engines: { patchbay: '>=1.0.0' },
  permissions: [{ name: 'network', hosts: ['api.example.com'], reason: 'The only host that it may reach' }],
  actions: {
    reach_out: {
      title: 'Reach any address',
      input: {
        type: 'object',
        additionalProperties: false,
        required: ['url'],
        properties: { url: { type: 'string' } },
      },
      output: { type: 'object', additionalProperties: false, properties: { status: { type: 'integer' } } },
    },
    run_away: {
      title: 'Never end',
      output: { type: 'object', additionalProperties: false, properties: {} },
    },
  },
} as const;

export default definePlugin(manifest, {
  actions: {
    async reach_out(ctx, { url }) {
      const answer = await ctx.fetch(url);
      return { status: answer.status };
    },
    async run_away() {
      for (;;);
    },
  },
});
