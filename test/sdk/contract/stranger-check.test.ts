import { expect } from 'chai';
import fc from 'fast-check';
import { accepts } from '../../../sdk/contract/accepts.ts';
import { fillDefaults } from '../../../sdk/contract/stranger/fill-defaults.ts';
import { strangerCheck } from '../../../sdk/contract/stranger/stranger-check.ts';
import { strangerSchema } from '../../../sdk/contract/stranger-schema.ts';
import { bombs } from './bombs.ts';

// Not toString: Ajv throws on objects with such a name.
const names = ['a', 'b', 'c/d', 'e'];
const leaf = fc.oneof(
  fc.constantFrom('', 'a', 'aa', 'b', '😀'),
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom(0.5, true, false, null),
);
const valueAt = (depth: number): fc.Arbitrary<unknown> =>
  depth === 0
    ? leaf
    : fc.oneof(
        leaf,
        fc.array(valueAt(depth - 1), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), valueAt(depth - 1), { maxKeys: 3, noNullPrototype: true }),
      );
const value = valueAt(2);
const type = fc.constantFrom('string', 'integer', 'number', 'boolean', 'array', 'object', 'null');

const plain = {
  type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
  enum: fc.array(value, { minLength: 1, maxLength: 3 }),
  const: value,
  minLength: fc.nat(3),
  maxLength: fc.nat(3),
  pattern: fc.constantFrom('^a+$', 'b', '^$'),
  minimum: fc.integer({ min: -2, max: 2 }),
  maximum: fc.integer({ min: -2, max: 2 }),
  minItems: fc.nat(2),
  maxItems: fc.nat(2),
  required: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
  $ref: fc.constant('#/$defs/one'),
};
function schemaAt(depth: number): fc.Arbitrary<Record<string, unknown>> {
  if (depth === 0) return some(plain, 2);
  const inner = schemaAt(depth - 1);
  const forms = fc.array(inner, { minLength: 1, maxLength: 3 });
  return some(
    {
      ...plain,
      items: fc.oneof(fc.boolean(), inner),
      properties: fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 3, noNullPrototype: true }),
      additionalProperties: fc.oneof(fc.boolean(), inner),
      ...{ anyOf: forms, oneOf: forms, allOf: forms },
    },
    3,
  );
}

/** A schema with at most so many of the keywords. */
function some(keywords: Record<string, fc.Arbitrary<unknown>>, most: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.uniqueArray(fc.constantFrom(...Object.keys(keywords)), { maxLength: most }).chain((chosen) =>
    fc.record(Object.fromEntries(chosen.map((name) => [name, keywords[name] as fc.Arbitrary<unknown>])), {
      noNullPrototype: true,
    }),
  );
}

describe('strangerCheck', () => {
  it('judges as Ajv does, whatever the schema and the value', () => {
    const seen = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(schemaAt(2), value, value, value, (made, ...values) => {
        const whole = { ...made, $defs: { one: { type: ['string', 'object'], maxLength: 1 } } };
        const [ours, theirs] = [strangerCheck(whole), accepts(whole)];
        for (const one of values) {
          const { ok } = ours(one);
          expect(ok, JSON.stringify([whole, one])).to.equal(theirs(one).ok);
          seen[ok ? 'right' : 'wrong'] += 1;
        }
      }),
      { numRuns: 150 },
    );
    expect(Math.min(seen.right, seen.wrong)).to.be.greaterThan(50);
  });

  it('fills defaults within what is there, in a copy, and nothing within forms', () => {
    const given = { a: {}, list: [{}, { x: 5 }] };
    const entry = { type: 'object', properties: { x: { default: 1 }, y: { default: [] } } };
    const filled = fillDefaults(
      {
        properties: {
          a: { properties: { deep: { default: { z: 1 }, properties: { more: { default: 2 } } } } },
          b: { anyOf: [{ default: 3 }] },
          c: { default: 'c' },
          d: { properties: { never: { default: 4 } } },
          list: { items: { $ref: '#/$defs/entry' } },
        },
        $defs: { entry },
      },
      given,
    );
    expect(filled).to.deep.equal({
      a: { deep: { z: 1, more: 2 } },
      c: 'c',
      list: [
        { x: 1, y: [] },
        { x: 5, y: [] },
      ],
    });
    expect(given).to.deep.equal({ a: {}, list: [{}, { x: 5 }] });
  });

  for (const [what, rules, it_] of bombs) {
    it(`ends ${what} that intake lets in, and says that it is too much`, () => {
      const whole = { type: 'object', ...rules };
      expect(strangerSchema(whole)).to.deep.equal([]);
      const checked = strangerCheck(whole, { defaults: true })({ it: it_ });
      expect(checked.ok).to.equal(false);
      if (checked.ok) return;
      expect(checked.errors.map(({ keyword }) => keyword)).to.deep.equal(['budget']);
      expect(checked.errors[0]?.pointer).to.match(/^\/it/);
    });
  }
});
