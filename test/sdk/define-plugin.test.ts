import { expect } from 'chai';
import { again, definePlugin } from '../../sdk/index.ts';

const base = { manifest_version: 1, name: '@acme/demo', version: '1.0.0' } as const;
const greet = {
  title: 'Greet',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: { name: { type: 'string' }, times: { type: 'integer' } },
  },
  output: {
    type: 'object',
    additionalProperties: false,
    required: ['text'],
    properties: { text: { type: 'string' } },
  },
} as const;
const event = {
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['ref'],
    properties: { ref: { type: 'string' } },
  },
  sample: { ref: 'main' },
} as const;
const push = { title: 'Push', address: 'integration', verify: { scheme: 'secret-url' }, emits: ['demo.push'] } as const;
const issues = {
  title: 'Issues',
  primary_key: ['/id'],
  modes: ['full'],
  deletes: 'missing',
  schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
} as const;

/** Types are checked by `tsc`; these calls exist so that each line is also known to run. */
describe('definePlugin', () => {
  it('returns the plain object that the host loads', () => {
    const handlers = { actions: { greet: async () => ({ text: 'Hi' }) } };
    const plugin = definePlugin({ ...base, actions: { greet } }, handlers);
    expect(plugin).to.deep.equal({ manifest: { ...base, actions: { greet } }, handlers });
  });

  it('knows input, output and settings from the manifest, without the secrets', () => {
    definePlugin(
      {
        ...base,
        configuration: {
          type: 'object',
          additionalProperties: false,
          required: ['site'],
          properties: { site: { type: 'string' }, token: { type: 'string', format: 'secret' } },
        },
        actions: { greet },
      },
      {
        actions: {
          greet: async (ctx, input) => {
            const site: string = ctx.config.site;
            const name: string = input.name;
            const times: number | undefined = input.times;
            // @ts-expect-error the input has no such field
            input.nmae;
            // @ts-expect-error a secret is never in the settings
            ctx.config.token;
            await ctx.crypto.hmac('sha256', 'token', 'x');
            // @ts-expect-error only a secret of the settings can key an HMAC
            await ctx.crypto.hmac('sha256', 'site', 'x');
            return { text: `${site} ${name} ${times}` };
          },
        },
      },
    );
  });

  it('does not compile without a handler, with a misspelt one, or with a wrong output', () => {
    // @ts-expect-error the handlers of the actions are missing
    definePlugin({ ...base, actions: { greet } }, {});
    // @ts-expect-error the handler is missing
    definePlugin({ ...base, actions: { greet } }, { actions: {} });
    // @ts-expect-error the handler is misspelt
    definePlugin({ ...base, actions: { greet } }, { actions: { great: async () => ({ text: '' }) } });
    // @ts-expect-error the output lacks its field
    definePlugin({ ...base, actions: { greet } }, { actions: { greet: async () => ({}) } });
    definePlugin(
      { ...base, actions: { greet } },
      {
        actions: {
          greet: async () => ({ text: '' }),
          // @ts-expect-error there is no such action
          leave: async () => ({}),
        },
      },
    );
    definePlugin(
      { ...base, actions: { greet } },
      // @ts-expect-error the manifest declares no streams
      { actions: { greet: async () => ({ text: '' }) }, streams: { x: 1 } },
    );
  });

  it('takes again() in place of an output, and nothing that only looks like it', () => {
    definePlugin(
      { ...base, actions: { greet } },
      {
        actions: {
          greet: async (_ctx, { name }, state) => (state === undefined ? again(5, { name }) : { text: name }),
        },
      },
    );
    definePlugin(
      { ...base, actions: { greet } },
      // @ts-expect-error an object of the same shape is an output, and a wrong one
      { actions: { greet: async () => ({ after_s: 5, state: 1 }) } },
    );
    // @ts-expect-error the seconds are a number
    again('5');
  });

  it('emits only declared events with their data', () => {
    definePlugin(
      { ...base, events: { 'demo.push': event }, triggers: { push } },
      {
        triggers: {
          push: {
            receive: async (ctx) => {
              await ctx.emit('demo.push', { ref: 'main' });
              // @ts-expect-error this event is not declared
              await ctx.emit('demo.pull', { ref: 'main' });
              // @ts-expect-error the data lacks its field
              await ctx.emit('demo.push', {});
              return { events: [{ type: 'demo.push', data: { ref: 'main' } }] };
            },
          },
        },
      },
    );
    definePlugin(
      { ...base, events: { 'demo.push': event }, triggers: { push } },
      // @ts-expect-error the returned event is not declared
      { triggers: { push: { receive: async () => ({ events: [{ type: 'demo.nope', data: {} }] }) } } },
    );
  });

  it('asks for subscribe and unsubscribe when handlers make the hook', () => {
    const made = { ...push, subscription: { by: 'handler' } } as const;
    definePlugin(
      { ...base, events: { 'demo.push': event }, triggers: { push: made } },
      // @ts-expect-error subscribe and unsubscribe are missing
      { triggers: { push: { receive: async () => ({}) } } },
    );
    definePlugin(
      { ...base, events: { 'demo.push': event }, triggers: { push: made } },
      {
        triggers: {
          push: { receive: async () => ({}), subscribe: async () => ({ id: '1' }), unsubscribe: async () => {} },
        },
      },
    );
  });

  it('knows the records of a stream and their unified model', () => {
    definePlugin(
      { ...base, streams: { issues } },
      {
        streams: {
          issues: async function* (_ctx, pull) {
            yield { upserts: [{ raw: { id: '1' } }], cursor: pull.cursor };
          },
        },
      },
    );
    definePlugin(
      { ...base, streams: { issues } },
      {
        streams: {
          // @ts-expect-error the record lacks its key
          issues: async function* () {
            yield { upserts: [{ raw: {} }] };
          },
        },
      },
    );
    definePlugin(
      { ...base, streams: { issues: { ...issues, model: 'subscriber' } } },
      {
        streams: {
          // @ts-expect-error the unified model is missing
          issues: async function* () {
            yield { upserts: [{ raw: { id: '1' } }] };
          },
        },
      },
    );
  });

  it('takes listeners only for events that are listened to', () => {
    definePlugin(
      { ...base, listens: ['task.created'] },
      { on: { 'task.created': async (_ctx, event) => void event.id } },
    );
    // @ts-expect-error the listener is missing
    definePlugin({ ...base, listens: ['task.created'] }, {});
    definePlugin(
      { ...base, listens: ['task.created'] },
      {
        on: {
          'task.created': async () => {},
          // @ts-expect-error this event is not listened to
          'task.updated': async () => {},
        },
      },
    );
  });

  it('does not compile when the manifest itself has a wrong value', () => {
    // @ts-expect-error there is no such permission
    definePlugin({ ...base, permissions: [{ name: 'filesystem', reason: 'x' }] }, {});
    // @ts-expect-error there is no such mode
    definePlugin({ ...base, streams: { issues: { ...issues, modes: ['everything'] } } }, {});
  });
});
