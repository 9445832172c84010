import { definePlugin, VendorError } from '@patchbay/sdk';

export default definePlugin(
  {
    manifest_version: 1,
    name: '@my/plugin',
    version: '0.1.0',
    display_name: 'My vendor',
    description: 'Connects an account by an API key',
    license: 'MIT',
    privacy_url: 'https://example.com/privacy',
    engines: { patchbay: '>=1.0.0 <2' },
    integration: { type: 'my_vendor', category: 'custom', service_type: 'custom' },
    permissions: [{ name: 'network', hosts: ['api.example.com'], reason: 'To read and write your items' }],
    auth: [
      {
        name: 'key',
        type: 'api_key',
        title: 'API key',
        fields: { api_key: { type: 'string', title: 'API key', format: 'secret' } },
        base_url: 'https://api.example.com/v1/',
        hosts: ['api.example.com'],
        inject: [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.api_key}' }],
      },
    ],
    actions: {
      create_item: {
        title: 'Create an item',
        input: {
          type: 'object',
          additionalProperties: false,
          required: ['title'],
          properties: { title: { type: 'string', minLength: 1, maxLength: 200 } },
        },
        output: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
      },
    },
  },
  {
    test: async (ctx) => {
      const me = await (await ctx.fetch('me')).json<{ name: string }>();
      return { account: me.name };
    },
    actions: {
      create_item: async (ctx, input) => {
        const answer = await ctx.fetch('items', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(input),
        });
        if (!answer.ok) throw new VendorError('The item was not created', { status: answer.status });
        return answer.json<{ id: string }>();
      },
    },
  },
);
