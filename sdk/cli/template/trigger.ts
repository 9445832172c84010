import { definePlugin } from '@patchbay/sdk';

export default definePlugin(
  {
    manifest_version: 1,
    name: '@my/plugin',
    version: '0.1.0',
    display_name: 'My vendor',
    description: 'Turns the vendor’s webhooks into events',
    license: 'MIT',
    engines: { patchbay: '>=1.0.0 <2' },
    permissions: [{ name: 'events:emit', reason: 'To tell you when an item changes' }],
    events: {
      'my_vendor.item_changed': {
        title: 'An item changed',
        schema: {
          type: 'object',
          additionalProperties: false,
          required: ['id'],
          properties: { id: { type: 'string' } },
        },
        sample: { id: '42' },
      },
    },
    triggers: {
      changes: {
        title: 'Changes of items',
        address: 'integration',
        verify: {
          scheme: 'hmac',
          algorithm: 'sha256',
          key: '{hook.secret}',
          message: '{request.body}',
          signature: { header: 'X-Signature', encoding: 'hex' },
        },
        dedupe: [{ header: 'X-Delivery-Id' }],
        subscription: { by: 'person' },
        emits: ['my_vendor.item_changed'],
      },
    },
  },
  {
    triggers: {
      changes: {
        receive: async (_ctx, request) => {
          const { id } = request.body as { id: string };
          return { events: [{ type: 'my_vendor.item_changed', data: { id } }] };
        },
      },
    },
  },
);
