import { expect } from 'chai';
import fc from 'fast-check';
import { allRoutes } from '../../../core/app.ts';
import { type RunningHost, startHost } from '../../helpers/host.ts';

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  minLength?: number;
  minimum?: number;
}

/** One string field of one route's body: where it is, and how to ask with something else in its place. */
interface Target {
  name: string;
  method: string;
  path: string;
  bodyWith(value: unknown): unknown;
}

const isText = ({ type, anyOf, enum: values }: Schema) =>
  type === 'string' ||
  (Array.isArray(type) && type.includes('string') && !type.includes('object')) ||
  anyOf?.some((one) => one.type === 'string') === true ||
  values?.every((value) => typeof value === 'string') === true;

function sample(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return true;
  if (type === 'array') return [];
  if (type === 'object' || schema.properties)
    return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(schema.properties?.[name] ?? {})]));
  return 'x'.repeat(schema.minLength ?? 1);
}

/** Every string inside a schema, as a function that puts something else there. */
function* places(schema: Schema, pointer = ''): Generator<{ pointer: string; put(value: unknown): unknown }> {
  if (isText(schema)) yield { pointer, put: (value) => value };
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    for (const place of places(child, `${pointer}/${name}`)) {
      yield { pointer: place.pointer, put: (value) => ({ ...(sample(schema) as object), [name]: place.put(value) }) };
    }
  }
  const more = schema.additionalProperties;
  if (typeof more === 'object')
    for (const place of places(more, `${pointer}/any`))
      yield { pointer: place.pointer, put: (value) => ({ ...(sample(schema) as object), any: place.put(value) }) };
  if (schema.items)
    for (const place of places(schema.items, `${pointer}/0`))
      yield { pointer: place.pointer, put: (value) => [place.put(value)] };
}

const targets: Target[] = allRoutes.flatMap((route) =>
  [...places((route.body ?? {}) as Schema)].map(({ pointer, put }) => ({
    name: `${route.method} ${route.path} ${pointer}`,
    method: route.method,
    path: route.path.replaceAll(/\{(\w+)\??\}/g, (_, name) => (name === 'token' ? 'A'.repeat(43) : 'none')),
    bodyWith: put,
  })),
);

/** What reaches a database as an operator when nobody looks. */
const operator = fc.constantFrom(
  '$ne',
  '$gt',
  '$gte',
  '$regex',
  '$where',
  '$in',
  '$exists',
  '$expr',
  '$or',
  '$not',
  '$type',
  '$elemMatch',
  '$function',
);
const attack = fc.oneof(
  fc.dictionary(operator, fc.oneof(fc.constant(''), fc.constant(null), fc.string(), fc.array(fc.string())), {
    minKeys: 1,
    maxKeys: 2,
  }),
  fc.dictionary(operator, fc.dictionary(operator, fc.string(), { minKeys: 1, maxKeys: 1 }), { minKeys: 1, maxKeys: 1 }),
  fc.constant({ _bsontype: 'Code', code: 'sleep(1000)' }),
  fc.constant({ toString: 'x', valueOf: 1 }),
  fc.array(fc.dictionary(operator, fc.string(), { minKeys: 1, maxKeys: 1 }), { minLength: 1, maxLength: 2 }),
);
const polluted = fc.constantFrom(
  '{"__proto__":{"role":"owner"}}',
  '{"constructor":{"prototype":{"role":"owner"}}}',
  '{"a":{"__proto__":{"polluted":true}}}',
  '{"prototype":{}}',
);

describe('a query operator or a prototype key where a text belongs', function () {
  this.timeout(240_000);
  let host: RunningHost;
  let token: string;
  before(async () => {
    host = await startHost({ env: { PATCHBAY_SIGNUP: 'open', PATCHBAY_TRUST_PROXY: 'true' } });
    token = await host.login(host.admin.email, host.admin.password);
  });
  after(() => host.remove());

  let asks = 0;
  /** Each from an address of its own: what is asked without signing in is limited by address. */
  async function ask(
    method: string,
    path: string,
    text?: string,
    who: string | null = token,
  ): Promise<{ status: number; text: string }> {
    asks += 1;
    const address = `198.18.${asks >> 8}.${asks & 255}`;
    const answer = await fetch(`${host.url}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(who && { authorization: `Bearer ${who}` }),
        'x-forwarded-for': address,
      },
      ...(text === undefined ? {} : { body: text }),
    });
    return { status: answer.status, text: await answer.text() };
  }
  const changes = async () => (await host.request('GET', '/audit', { token })).body.content.total as number;

  it('is answered 422 in every text of every route, and nothing has changed', async () => {
    expect(targets.length).to.be.greaterThan(80);
    const before = await changes();
    const attacks = fc.sample(attack, { numRuns: targets.length * 2, seed: Number(process.env.SEED ?? 1) });
    const wrong: string[] = [];
    for (const [index, { name, method, path, bodyWith }] of targets.entries()) {
      for (const value of attacks.slice(index * 2, index * 2 + 2)) {
        const answer = await ask(method, path, JSON.stringify(bodyWith(value)));
        if (answer.status !== 422)
          wrong.push(`${name} with ${JSON.stringify(value)}: ${answer.status} ${answer.text.slice(0, 120)}`);
      }
    }
    expect(wrong).to.deep.equal([]);
    expect(await changes()).to.equal(before);
  });

  it('is answered 422 as a key of any body, and nobody became more than they were', async () => {
    const bodies = fc.sample(polluted, { numRuns: 200, seed: 7 });
    for (const [index, route] of allRoutes.filter(({ body }) => body).entries()) {
      const path = route.path.replaceAll(/\{(\w+)\??\}/g, 'none');
      const answer = await ask(route.method, path, bodies[index] ?? '{"__proto__":1}');
      expect(answer.status, `${route.method} ${route.path} ${answer.text.slice(0, 100)}`).to.equal(422);
    }
    expect((await host.request('GET', '/auth/me', { token })).body.content.user).not.to.have.property('polluted');
  });

  it('is answered 422 in every field of every query', async () => {
    const routes = allRoutes.filter(({ query, kind }) => kind !== 'hook' && Object.keys(query).length > 0);
    const asked = routes.flatMap(({ method, path, query, who }) => {
      const [field = ''] = Object.keys(query);
      const queries = Object.keys(query).flatMap((name) => [`${name}[$ne]=x`, `${name}=1&${name}=2`]);
      return [...queries, '$where=1', '__proto__[x]=1', 'constructor=1', `${field}.$gt=1`].map((one) => ({
        method,
        path: `${path.replaceAll(/\{(\w+)\??\}/g, 'none')}?${one}`,
        who: who === 'public' ? null : token,
      }));
    });
    expect(asked.length).to.be.greaterThan(300);
    const wrong: string[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        for (let at = worker; at < asked.length; at += 8) {
          const { method = '', path = '', who } = asked[at] ?? {};
          const answer = await ask(method, path, method === 'GET' ? undefined : '{}', who);
          if (answer.status !== 422) wrong.push(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 120)}`);
        }
      }),
    );
    expect(wrong).to.deep.equal([]);
  });
});
