import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { checkPackage } from '../../sdk/check/check-package.ts';
import { accepts } from '../../sdk/contract/accepts.ts';
import { importOpenapi } from '../../sdk/import-openapi/import-openapi.ts';
import { pluginSource } from '../../sdk/import-openapi/plugin-source.ts';
import { type Packed, pack } from '../../sdk/package/index.ts';
import { testPlugin, type VendorRequest } from '../../sdk/testing/index.ts';
import { numbers } from '../jobs/chaos.ts';
import { tryActions } from './imported-actions.ts';
import { folderWith, removeFolders } from './plugin-folder.ts';

const github = JSON.parse(
  readFileSync(new URL('../../node_modules/@octokit/openapi/generated/api.github.com.json', import.meta.url), 'utf8'),
);

const swagger = {
  swagger: '2.0',
  info: { title: 'Pets', version: '1' },
  host: 'pets.example.com',
  basePath: '/v2',
  schemes: ['https'],
  securityDefinitions: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
  paths: {
    '/pets/{petId}': {
      parameters: [{ name: 'petId', in: 'path', required: true, type: 'integer' }],
      get: {
        operationId: 'getPet',
        tags: ['pets'],
        parameters: [{ name: 'fields', in: 'query', type: 'array', items: { type: 'string' } }],
        responses: { 200: { schema: { $ref: '#/definitions/Pet' } } },
      },
      post: {
        operationId: 'renamePet',
        tags: ['admin'],
        parameters: [{ name: 'name', in: 'formData', required: true, type: 'string' }],
        responses: { 204: {} },
      },
    },
    '/pets': {
      post: {
        operationId: 'getPet',
        tags: ['pets'],
        parameters: [{ name: 'pet', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } }],
        responses: { 201: {} },
      },
    },
    '/photos': {
      post: {
        operationId: 'addPhoto',
        consumes: ['multipart/form-data'],
        responses: {},
        requestBody: { content: { 'multipart/form-data': { schema: {} } } },
      },
    },
  },
  definitions: {
    Pet: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string', pattern: '^(?=x)', maxLength: 40, 'x-order': 1 },
        mother: { $ref: '#/definitions/Pet' },
        born: { type: 'string', format: 'date', nullable: true },
      },
    },
  },
};

describe('import-openapi', function () {
  this.timeout(240_000);
  after(removeFolders);

  it('makes an action of each operation of a Swagger 2 document, and says what it left out and why', () => {
    const { manifest, left_out, operations } = importOpenapi(swagger, { name: '@acme/pets' });
    expect(Object.keys(operations)).to.deep.equal(['get_pet', 'rename_pet', 'get_pet_2']);
    expect(left_out).to.deep.equal([
      { operation: 'addPhoto', reason: 'its body is multipart/form-data; send files with ctx.files' },
    ]);
    expect(manifest.permissions?.[0]).to.deep.include({ name: 'network', hosts: ['pets.example.com'] });
    expect(manifest.auth?.[0]).to.deep.include({ type: 'api_key', base_url: 'https://pets.example.com/v2/' });
  });

  it('makes schemas that refuse what the document refuses, and nothing that it takes', () => {
    const { manifest } = importOpenapi(swagger, { name: '@acme/pets' });
    const check = accepts(manifest.actions?.get_pet_2?.input as object);
    const pet = { name: 'Rex', born: null, mother: { name: 'Bella', mother: { name: 'Cora' } } };
    expect(check({ body: pet }).ok).to.equal(true);
    expect(check({}).ok).to.equal(false);
    expect(check({ body: { born: '2020-01-01' } }).ok).to.equal(false);
    expect(check({ body: { name: 'x'.repeat(41) } }).ok).to.equal(false);
    expect(check({ body: { ...pet, mother: { name: 5 } } }).ok).to.equal(false);
  });

  it('takes only what was asked for', () => {
    const { operations } = importOpenapi(swagger, { name: '@acme/pets', only: ['admin'] });
    expect(Object.keys(operations)).to.deep.equal(['rename_pet']);
  });

  it('sends the requests that the document describes, from the real sandbox', async () => {
    const folder = folderWith(pluginSource(importOpenapi(swagger, { name: '@acme/pets' })));
    const plugin = await testPlugin({
      folder,
      vendor: ({ method }) => (method === 'GET' ? { body: { name: 'Rex' } } : { status: 204 }),
    });
    try {
      expect(await plugin.action('get_pet', { petId: 7, fields: ['name', 'born'] })).to.deep.equal({ name: 'Rex' });
      await plugin.action('rename_pet', { petId: 7, body: { name: 'Rex & Co' } });
      await plugin.action('get_pet_2', { body: { name: 'Rex' } });
      expect(plugin.requests.map(({ method, url, body }) => [method, url, body])).to.deep.equal([
        ['GET', 'https://pets.example.com/v2/pets/7?fields=name%2Cborn', undefined],
        ['POST', 'https://pets.example.com/v2/pets/7', 'name=Rex+%26+Co'],
        ['POST', 'https://pets.example.com/v2/pets', '{"name":"Rex"}'],
      ]);
      const refused = await plugin.action('get_pet', {}).catch((error: Error) => error.message);
      expect(refused).to.contain('/petId is required');
      expect(plugin.requests).to.have.length(3);
    } finally {
      await plugin.close();
    }
  });

  it('writes lists, objects and bodies as the document says, and leaves out only bodies that are files', async () => {
    const object = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } } };
    const list = { type: 'array', items: { type: 'string' } };
    const query = (name: string, more: object) => ({ name, in: 'query', ...more });
    const body = (type: string, schema: object) => ({ requestBody: { content: { [type]: { schema } } } });
    const imported = importOpenapi(
      {
        openapi: '3.1.0',
        info: { title: 'Styles', version: '1' },
        servers: [{ url: 'https://styles.example.com' }],
        paths: {
          '/find': {
            get: {
              operationId: 'find',
              parameters: [
                query('many', { schema: list }),
                query('joined', { schema: list, explode: false }),
                query('piped', { schema: list, style: 'pipeDelimited' }),
                query('deep', { schema: object, style: 'deepObject' }),
                query('spread', { schema: object }),
                query('text', { content: { 'application/json': { schema: object } } }),
              ],
            },
            patch: { operationId: 'patch', ...body('application/merge-patch+json', object) },
            put: { operationId: 'put', ...body('text/csv', { type: 'string' }) },
            post: { operationId: 'post', ...body('multipart/form-data', object) },
          },
          '/upload': {
            post: {
              operationId: 'upload',
              ...body('multipart/form-data', {
                type: 'object',
                properties: { file: { type: 'string', format: 'binary' } },
              }),
            },
          },
        },
      },
      { name: '@acme/styles' },
    );
    expect(imported.left_out.map(({ operation }) => operation)).to.deep.equal(['upload']);
    const plugin = await testPlugin({ folder: folderWith(pluginSource(imported)), vendor: () => ({ body: {} }) });
    try {
      const value = { a: 'x', b: 1 };
      const lists = { many: ['a', 'b'], joined: ['a', 'b'], piped: ['a', 'b'] };
      await plugin.action('find', { ...lists, deep: value, spread: value, text: value });
      await plugin.action('find', { many: [], joined: [], piped: [] });
      await plugin.action('patch', { body: value });
      await plugin.action('put', { body: 'a;b' });
      await plugin.action('post', { body: value });
      const [find, empty, patch, put, post] = plugin.requests;
      expect(empty?.url).to.equal('https://styles.example.com/find');
      expect(decodeURIComponent(new URL(find?.url ?? '').search)).to.equal(
        '?many=a&many=b&joined=a,b&piped=a|b&deep[a]=x&deep[b]=1&a=x&b=1&text={"a":"x","b":1}',
      );
      expect([patch, put, post].map((one) => one?.headers['content-type']?.split(';')[0])).to.deep.equal([
        'application/merge-patch+json',
        'text/csv',
        'multipart/form-data',
      ]);
      expect(put?.body).to.equal('a;b');
      expect(post?.body).to.match(/name="b"\r\n\r\n1\r\n/);
    } finally {
      await plugin.close();
    }
  });

  it('makes streams of list operations that say how their pages are turned, and pulls them to their end', async () => {
    const entry = {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'integer' }, name: { type: 'string' } },
    };
    const list = (parameters: string[], schema: object) => ({
      get: {
        parameters: parameters.map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
        responses: { 200: { description: '', content: { 'application/json': { schema } } } },
      },
    });
    const array = { type: 'array', items: entry };
    const { manifest, streams, ...rest } = importOpenapi(
      {
        openapi: '3.0.3',
        info: { title: 'Pets', version: '1' },
        servers: [{ url: 'https://pets.example.com' }],
        paths: {
          '/pages': list(['page'], array),
          '/offsets': list(['offset', 'limit'], { type: 'object', properties: { pets: array } }),
          '/tokens': list(['cursor'], { type: 'object', properties: { data: array, next_cursor: { type: 'string' } } }),
          '/plain': list([], array),
          '/keyless': list(['page'], { type: 'array', items: { type: 'object', properties: { name: {} } } }),
        },
      },
      { name: '@acme/pets' },
    );
    expect(Object.keys(streams)).to.deep.equal(['get_pages', 'get_offsets', 'get_tokens']);
    const all = Array.from({ length: 120 }, (_, id) => ({ id }));
    const plugin = await testPlugin({
      folder: folderWith(pluginSource({ manifest, streams, ...rest })),
      vendor: ({ url }) => {
        const { pathname, searchParams } = new URL(url);
        const from = (name: string, each: number) => Number(searchParams.get(name) ?? 0) * each;
        if (pathname === '/pages') return { body: all.slice(from('page', 40) - 40, from('page', 40)) };
        if (pathname === '/offsets') return { body: { pets: all.slice(from('offset', 1), from('offset', 1) + 50) } };
        const start = from('cursor', 1);
        return {
          body: { data: all.slice(start, start + 70), next_cursor: start + 70 < 120 ? String(start + 70) : '' },
        };
      },
    });
    try {
      for (const name of Object.keys(streams)) {
        const batches = await plugin.pull(name);
        const ids = batches.flatMap(({ upserts = [] }) => upserts.map(({ raw }) => raw.id));
        expect(ids, name).to.deep.equal(all.map(({ id }) => id));
        expect(batches.at(-1)?.cursor, name).to.equal(null);
      }
    } finally {
      await plugin.close();
    }
  });

  it('names the parts of a path as it does, and leaves headers to the host that are the host’s', () => {
    const { manifest, operations } = importOpenapi(
      {
        openapi: '3.0.3',
        info: { title: 'Tags', version: '1' },
        servers: [{ url: 'https://tags.example.com' }],
        paths: {
          '/tags/{TagId}/{part}': {
            get: {
              operationId: 'tag',
              parameters: [
                { name: 'tagId', in: 'path', required: true, schema: { type: 'string', pattern: '^[0-9a-f]{32}$' } },
                { name: 'Content-Length', in: 'header', required: true, schema: { type: 'integer' } },
                { name: 'X-Kind', in: 'header', schema: { type: 'string' } },
              ],
              responses: {},
            },
          },
        },
      },
      { name: '@acme/tags' },
    );
    expect(operations.tag).to.deep.include({ path: '/tags/{tagId}/{part}', header: ['X-Kind'] });
    const check = accepts(manifest.actions?.tag?.input as object);
    expect(check({ tagId: '0123456789abcdef0123456789abcdef', part: 'a' }).ok).to.equal(true);
    for (const tagId of ['0123', '0123456789ABCDEF0123456789abcdef'])
      expect(check({ tagId, part: 'a' }).ok).to.equal(false);
    expect(check({ tagId: '0123456789abcdef0123456789abcdef' }).ok).to.equal(false);
  });

  it('refuses what is no such document, and one that names no address', () => {
    expect(() => importOpenapi({ openapi: '4.0' }, { name: '@a/b' })).to.throw('no OpenAPI 3 or Swagger 2');
    expect(() => importOpenapi({ openapi: '3.1.0', paths: {} }, { name: '@a/b' })).to.throw('--server');
  });

  describe('on the document of GitHub', () => {
    const imported = importOpenapi(github, { name: '@acme/github-api' });
    const { manifest, operations, left_out } = imported;
    let packed: Packed;

    it('makes at least 98 of 100 operations into actions', () => {
      const made = Object.keys(operations).length;
      expect(made + left_out.length).to.be.above(1_000);
      expect(made / (made + left_out.length)).to.be.at.least(0.98);
    });

    it('makes a plugin that packs and passes the review', async () => {
      packed = await pack(folderWith(pluginSource(imported)));
      const errors = checkPackage(packed).filter(({ severity }) => severity === 'error');
      expect(errors).to.deep.equal([]);
      expect(packed.handlers).to.have.length(Object.keys(operations).length + Object.keys(imported.streams).length);
    });

    it('refuses every input that lacks a required field, before any request', () => {
      let tried = 0;
      for (const [name, { input }] of Object.entries(manifest.actions ?? {}).filter((_, i) => i % 40 === 0)) {
        const required = Object(input).required ?? [];
        const check = accepts(Object(input));
        for (const field of required) {
          const checked = check({});
          const pointers = checked.ok ? [] : checked.errors.map(({ pointer }) => pointer);
          expect(pointers, `${name} without ${field}`).to.include(`/${field}`);
          tried++;
        }
      }
      expect(tried).to.be.above(20);
    });

    it('sends what its document describes, in 200 random actions with inputs of their own schemas', async () => {
      const draw = numbers(20261130);
      const next = () => draw(1_000_000) / 1_000_000;
      const tried = await tryActions({ document: github, server: 'https://api.github.com/', packed, count: 200, next });
      expect(tried.let_through).to.deep.equal([]);
      expect(tried.refused).to.be.above(200);
      expect(tried.passed / tried.count, tried.problems.join('\n')).to.be.at.least(0.95);
    });

    it('lists and creates issues as GitHub describes it', async () => {
      const requests: VendorRequest[] = [];
      const plugin = await testPlugin({
        packed,
        vendor: (request) => {
          requests.push(request);
          return {
            status: request.method === 'POST' ? 201 : 200,
            body: request.method === 'POST' ? { id: 1, number: 7 } : [],
          };
        },
      });
      try {
        await plugin.call('actions.issues_create', { owner: 'octo', repo: 'hello', body: { title: 'Found a bug' } });
        await plugin.call('actions.issues_list_for_repo', {
          owner: 'octo',
          repo: 'hello',
          state: 'all',
          per_page: 100,
        });
      } finally {
        await plugin.close();
      }
      expect(requests.map(({ method, url, body }) => [method, url, body])).to.deep.equal([
        ['POST', 'https://api.github.com/repos/octo/hello/issues', '{"title":"Found a bug"}'],
        ['GET', 'https://api.github.com/repos/octo/hello/issues?state=all&per_page=100', undefined],
      ]);
    });
  });
});
