import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { clientTypes } from '../../scripts/write-client.ts';
import { ApiError, createClient } from '../../sdk/client/index.ts';

describe('@patchbay/sdk/client', () => {
  const asked: { url: string; method: string | undefined; body: unknown }[] = [];
  const answering = (content: unknown): typeof fetch =>
    (async (url: URL, init?: RequestInit) => {
      asked.push({ url: String(url), method: init?.method, body: init?.body });
      return new Response(JSON.stringify({ code: 'S10000', msg: 'OK', content }));
    }) as typeof fetch;
  const client = createClient({ url: 'http://host.example/', fetch: answering({ plugins: [] }) });

  it('has the types of every operation of the host (npm run client writes them)', () => {
    const file = readFileSync(join(import.meta.dirname, '../../sdk/client/api.ts'), 'utf8');
    expect(file === clientTypes(), 'sdk/client/api.ts is not what the routes say: npm run client').to.equal(true);
  });

  it('fills paths, and sends query and body', async () => {
    asked.length = 0;
    await client.call('POST /registry/plugins/{name}/versions/{version}/yank', {
      params: { name: '@acme/hello', version: '1.0.0' },
      body: { reason: 'leaks' },
    });
    const { plugins } = await client.call('GET /plugins', { query: { size: 5, sort_by: 'name' } });
    expect(plugins).to.deep.equal([]);
    expect(asked).to.deep.equal([
      {
        url: 'http://host.example/api/v1/registry/plugins/%40acme%2Fhello/versions/1.0.0/yank',
        method: 'POST',
        body: '{"reason":"leaks"}',
      },
      { url: 'http://host.example/api/v1/plugins?size=5&sort_by=name', method: 'GET', body: undefined },
    ]);
  });

  it('does not compile with an operation, a parameter or a value that the host does not have', () => {
    const never = () => {
      // @ts-expect-error there is no such operation
      client.call('GET /plugin');
      // @ts-expect-error the path needs an id
      client.call('GET /plugins/{id}');
      // @ts-expect-error there is no such order
      client.call('GET /plugins', { query: { sort_by: 'colour' } });
      // @ts-expect-error the body needs a name
      client.call('POST /plugins', { body: {} });
      client.call('GET /plugins/{id}', { params: { id: 'plg_x' } }).then((plugin) => {
        plugin.version.toUpperCase();
        // @ts-expect-error a plugin has no such field
        plugin.colour;
      });
    };
    expect(never).to.be.a('function');
  });

  it('says which part of a path is missing', () => {
    const call = () => client.call('GET /plugins/{id}', { params: {} as { id: string } });
    expect(call).to.throw(ApiError, 'params.id');
  });
});
