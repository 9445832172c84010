import { expect } from 'chai';
import { SandboxError } from '../../sandbox/index.ts';
import type { Started } from './start.ts';
import { script, startSandbox } from './start.ts';

describe('an inspection', () => {
  let started: Started;
  before(async () => {
    started = await startSandbox();
  });
  after(() => started.sandbox.close());
  const inspect = (source: string) =>
    started.sandbox.inspect({ name: '@test/x', version: '1.0.0', trust: 'unverified', script: source });

  it('tells the manifest and the handlers of a plugin', async () => {
    const handlers = `{
      test: async () => 1,
      actions: { a: async () => 1, none: null, version: 1 },
      triggers: { t: { receive: async () => 1, about: 'what it does' } },
      on: { 'a.b': async () => 1, x: { y: { deep: async () => 1, z: { too_deep: async () => 1 } } } },
    }`;
    expect(await inspect(script(handlers))).to.deep.equal({
      manifest: { name: '@test/plugin' },
      handlers: ['test', 'actions.a', 'triggers.t.receive', 'on.a.b', 'on.x.y.deep'],
    });
  });

  it('tells that there is no manifest', async () => {
    const source = 'var __patchbay_plugin = { default: { handlers: { test: async () => 1 } } }';
    expect(await inspect(source)).to.deep.equal({ manifest: null, handlers: ['test'] });
  });

  for (const [title, source, expected] of [
    ['throws', 'throw new Error("no")', 'threw'],
    ['never ends', 'for (;;);', 'cpu_limit'],
    ['is no JavaScript', 'var = 1', 'threw'],
  ] as const) {
    it(`refuses a script that ${title}, with its reason`, async () => {
      const error = await inspect(source).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(SandboxError);
      expect((error as SandboxError).error.type).to.equal(expected);
    });
  }

  it('refuses what is no plugin, and says what one exports', async () => {
    for (const text of ['null', '1', '{}', '{ manifest: {} }', '{ handlers: null }', '{ handlers: "x" }']) {
      const error = await inspect(`var __patchbay_plugin = { default: ${text} }`).catch((thrown: Error) => thrown);
      expect(error, text).to.be.instanceOf(SandboxError);
      expect((error as SandboxError).message, text).to.include('must export { manifest, handlers }');
    }
  });
});
