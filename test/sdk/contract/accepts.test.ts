import { expect } from 'chai';
import fc from 'fast-check';
import { accepts } from '../../../sdk/contract/accepts.ts';
import { linearPattern } from '../../../sdk/contract/linear-pattern.ts';
import { sentenceFor } from '../../../sdk/contract/sentence-for.ts';
import { strangerSchema } from '../../../sdk/contract/stranger-schema.ts';

const person = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1 },
    age: { type: 'integer', minimum: 0 },
    role: { enum: ['owner', 'admin'], default: 'admin' },
    tags: { type: 'array', items: { type: 'string' } },
    'a/b~c': { type: 'boolean' },
    contact: {
      anyOf: [
        { type: 'string', format: 'email' },
        { type: 'object', required: ['phone'], properties: { phone: { type: 'string' } } },
      ],
    },
  },
} as const;

function errorsOf(
  value: unknown,
  ...more: Parameters<ReturnType<typeof accepts>> extends [unknown, ...infer R] ? R : never
) {
  const checked = accepts(person)(value, ...more);
  return checked.ok ? [] : checked.errors.map(({ pointer, message }) => `${pointer} ${message}`);
}

describe('accepts', () => {
  it('points at the field itself, also when it is missing or unknown', () => {
    expect(errorsOf({ nmae: 'x' })).to.deep.equal([
      '/name is required',
      '/nmae is not a known field; did you mean "name"?',
    ]);
  });

  it('escapes names in pointers (RFC 6901)', () => {
    expect(errorsOf({ name: 'x', 'a/b~c': 1 })).to.deep.equal(['/a~1b~0c must be a boolean, not integer']);
  });

  it('tells of a choice only what is wrong in the form that was followed', () => {
    expect(errorsOf({ name: 'x', contact: { phone: 5 } })).to.deep.equal([
      '/contact/phone must be a string, not integer',
    ]);
    expect(errorsOf({ name: 'x', contact: 5 })).to.deep.equal(['/contact must be a string or an object, not integer']);
  });

  it('speaks three languages', () => {
    expect(errorsOf({}, 'zh-Hans')).to.deep.equal(['/name 为必填项']);
    expect(errorsOf({ name: '' }, 'zh-Hant')).to.deep.equal(['/name 不能為空']);
    expect(sentenceFor('minimum', { limit: 3 }, 'zh-Hant')).to.equal('不能小於 3');
  });

  it('names every broken rule at once, but not more than 50', () => {
    expect(errorsOf({ name: 1, age: -1, role: 'x' })).to.have.length(3);
    expect(errorsOf({ name: 'x', tags: Array.from({ length: 1_000 }, () => 1) })).to.have.length(50);
  });

  it('answers a copy with defaults, and leaves the value alone', () => {
    const value = { name: 'Ana' };
    const checked = accepts(person, { defaults: true })(value);
    expect(checked).to.deep.equal({ ok: true, value: { name: 'Ana', role: 'admin' } });
    expect(value).to.deep.equal({ name: 'Ana' });
  });

  it('turns the texts of a query into what the schema asks for, without guessing', () => {
    const query = {
      type: 'object',
      properties: {
        page: { type: 'integer' },
        on: { type: 'boolean' },
        ids: { type: 'array', items: { type: 'integer' } },
        q: { type: 'string' },
      },
    } as const;
    const check = accepts(query, { coerce: true });
    const given = { page: '3', on: 'false', ids: '7', q: '12' };
    expect(check(given)).to.deep.equal({ ok: true, value: { page: 3, on: false, ids: [7], q: '12' } });
    for (const page of ['', ' 3', '0x3', '3e1', 'three', 'Infinity', '9'.repeat(40)]) {
      expect(check({ page }).ok, page).to.equal(false);
    }
  });

  it('does not take inherited names for fields', () => {
    const check = accepts({ type: 'object', required: ['constructor'], properties: {} });
    expect(check({}).ok).to.equal(false);
    expect(accepts(person)(JSON.parse('{"name":"x","__proto__":{}}')).ok).to.equal(false);
  });

  it('runs a pattern that stalls the usual engine in linear time', () => {
    // On 31 characters the usual engine needs 47 s; on 60 it would outlive the test run, and this line would never end.
    const check = accepts({ type: 'string', pattern: '^(a+)+$' });
    expect(check(`${'a'.repeat(60)}!`).ok).to.equal(false);
    expect(check('a'.repeat(60)).ok).to.equal(true);
  });

  it('never throws, whatever the value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(accepts(person)(value)).to.have.property('ok');
      }),
      { numRuns: 300 },
    );
  });
});

describe('linearPattern', () => {
  for (const pattern of ['^[a-z]+$', 'a|b', '^(?:x*)*y$', '\\d+\\.\\d+', '[一-龥]+', '^[a-z]{1,16}$']) {
    it(`takes ${pattern}`, () => expect(linearPattern(pattern).ok).to.equal(true));
  }
  for (const pattern of [
    '(?=x)',
    '(a)\\1',
    'a{17}',
    '\\p{L}+',
    '\\u{1f600}',
    '😀',
    '(',
    '(?<n>a)\\k<n>',
    'x'.repeat(1_001),
  ]) {
    it(`refuses ${pattern.slice(0, 20)} and says the way out`, () => {
      const judged = linearPattern(pattern);
      expect(judged.ok).to.equal(false);
      if (!judged.ok) expect(judged.fix).not.to.equal('');
    });
  }
});

describe('strangerSchema', () => {
  it('counts what references unfold to, so that they cannot multiply without bound', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [
        `d${i}`,
        { anyOf: Array.from({ length: 10 }, () => (i === 9 ? { type: 'string' } : { $ref: `#/$defs/d${i + 1}` })) },
      ]),
    );
    const problems = strangerSchema({ type: 'object', properties: { a: { $ref: '#/$defs/d0' } }, $defs });
    expect(problems.map(({ rule }) => rule)).to.include('schema-unfolds');
  });

  it('finds recursion across definitions, also where nothing refers to them', () => {
    const $defs = { a: { items: { $ref: '#/$defs/b' } }, b: { items: { $ref: '#/$defs/a' } } };
    expect(strangerSchema({ type: 'object', $defs }).map(({ rule }) => rule)).to.include('schema-recursion');
  });

  it('survives a schema that is nested without end', () => {
    let schema: object = { type: 'string' };
    for (let i = 0; i < 2_000; i++) schema = { anyOf: [schema] };
    expect(strangerSchema(schema).map(({ rule }) => rule)).to.include('schema-depth');
  });

  it('takes the whole subset', () => {
    const schema = {
      type: 'object',
      title: 't',
      description: 'd',
      required: ['a'],
      additionalProperties: false,
      examples: [{}],
      default: {},
      properties: {
        a: { type: ['string', 'null'], minLength: 1, maxLength: 9, pattern: '^x', format: 'uri', enum: ['x'] },
        b: { type: 'integer', minimum: 1, maximum: 9, const: 3 },
        c: { type: 'array', items: { $ref: '#/$defs/s' }, minItems: 1, maxItems: 3 },
        d: { oneOf: [{ type: 'string' }, { allOf: [{ type: 'number' }] }], ui: { widget: 'textarea' } },
      },
      $defs: { s: { type: 'string' } },
    };
    expect(strangerSchema(schema)).to.deep.equal([]);
  });

  it('never throws, whatever stands in a manifest', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(strangerSchema(value)).to.be.an('array');
      }),
      { numRuns: 300 },
    );
  });
});
