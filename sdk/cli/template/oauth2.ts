import { definePlugin } from '@patchbay/sdk';

export default definePlugin(
  {
    manifest_version: 1,
    name: '@my/plugin',
    version: '0.1.0',
    display_name: 'My vendor',
    description: 'Connects an account by OAuth 2',
    license: 'MIT',
    privacy_url: 'https://example.com/privacy',
    engines: { patchbay: '>=1.0.0 <2' },
    integration: { type: 'my_vendor', category: 'custom', service_type: 'custom' },
    permissions: [{ name: 'network', hosts: ['api.example.com'], reason: 'To read your profile' }],
    auth: [
      {
        name: 'oauth',
        type: 'oauth2',
        title: 'Sign in at the vendor',
        base_url: 'https://api.example.com/v1/',
        hosts: ['api.example.com'],
        inject: [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }],
        authorize: { url: 'https://example.com/oauth/authorize', scopes: ['profile'], pkce: 'S256' },
        token: { url: 'https://example.com/oauth/token' },
        refresh: { old_token: 'dies_on_use' },
      },
    ],
    actions: {
      get_profile: {
        title: 'Read the profile',
        idempotent: true,
        output: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
    },
  },
  {
    connect: async (ctx) => {
      const me = await (await ctx.fetch('me')).json<{ name: string }>();
      return { account: me.name };
    },
    actions: {
      get_profile: async (ctx) => (await ctx.fetch('me')).json<{ name: string }>(),
    },
  },
);
