import { definePlugin } from '@patchbay/sdk';

export default definePlugin(
  {
    manifest_version: 1,
    name: '@my/plugin',
    version: '0.1.0',
    display_name: 'My plugin',
    description: 'Greets people',
    license: 'MIT',
    engines: { patchbay: '>=1.0.0 <2' },
    actions: {
      greet: {
        title: 'Greet somebody',
        input: {
          type: 'object',
          additionalProperties: false,
          required: ['name'],
          properties: { name: { type: 'string', minLength: 1, maxLength: 100 } },
        },
        output: {
          type: 'object',
          additionalProperties: false,
          required: ['text'],
          properties: { text: { type: 'string' } },
        },
        idempotent: true,
      },
    },
  },
  {
    actions: {
      greet: async (ctx, { name }) => {
        ctx.log.info('greeting', { name });
        return { text: `Hello ${name}` };
      },
    },
  },
);
