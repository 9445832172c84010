import { CursorExpired, definePlugin } from '@patchbay/sdk';

interface Page {
  items: { id: string; title: string; updated_at: string }[];
  next: string | null;
}

export default definePlugin(
  {
    manifest_version: 1,
    name: '@my/plugin',
    version: '0.1.0',
    display_name: 'My vendor',
    description: 'Syncs the items of an account',
    license: 'MIT',
    privacy_url: 'https://example.com/privacy',
    engines: { patchbay: '>=1.0.0 <2' },
    integration: { type: 'my_vendor', category: 'custom', service_type: 'custom' },
    permissions: [{ name: 'network', hosts: ['api.example.com'], methods: ['GET'], reason: 'To read your items' }],
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
    streams: {
      items: {
        title: 'Items',
        primary_key: ['/id'],
        version: '/updated_at',
        modes: ['full', 'incremental'],
        cursor: { field: '/updated_at', overlap_s: 60 },
        deletes: 'missing',
        schema: {
          type: 'object',
          required: ['id', 'title', 'updated_at'],
          properties: {
            id: { type: 'string' },
            title: { type: 'string' },
            updated_at: { type: 'string', format: 'date-time' },
          },
        },
      },
    },
  },
  {
    streams: {
      items: async function* (ctx, { cursor, since }) {
        for (let page = typeof cursor === 'string' ? cursor : null; ; ) {
          const answer = await ctx.fetch('items', { query: { page: page ?? undefined, updated_since: since } });
          if (answer.status === 410) throw new CursorExpired('The vendor no longer knows this page');
          const { items, next } = await answer.json<Page>();
          yield { upserts: items.map((raw) => ({ raw })), cursor: next };
          if (next === null) return;
          page = next;
        }
      },
    },
  },
);
