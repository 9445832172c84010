const many = (n: number, of: (i: number) => unknown) => Array.from({ length: n }, (_, i) => of(i));
const unfolding = (wide: number, deep: number) => ({
  properties: { it: { type: 'array', items: { $ref: '#/$defs/d0' } } },
  $defs: Object.fromEntries(
    many(deep, (i) => [
      `d${i}`,
      { anyOf: many(wide, () => (i === deep - 1 ? { type: 'string' } : { $ref: `#/$defs/d${Number(i) + 1}` })) },
    ]) as [string, object][],
  ),
});
/** Schemas that intake lets in, with a value each that would be endless work without a budget: `[what, rules, value of `it`]`. */
export const bombs: [string, object, unknown][] = [
  ['forms within forms', unfolding(100, 2), many(1_000, () => 1)],
  ['forms ten levels deep', unfolding(2, 11), many(1_000, () => 1)],
  ['a long pattern on a long text', { properties: { it: { pattern: `${'a*'.repeat(400)}b` } } }, 'a'.repeat(100_000)],
  [
    'many patterns on one text',
    { properties: { it: { allOf: many(1_000, (i) => ({ pattern: `a*${i}$` })) } } },
    'a'.repeat(10_000),
  ],
  [
    'a long list of words for each of many values',
    { properties: { it: { items: { anyOf: [{ enum: many(1_000, (i) => `word ${i}`) }, { type: 'string' }] } } } },
    many(15_000, (i) => `ward ${i}`),
  ],
  [
    'a large default for each of many entries',
    { properties: { it: { items: { properties: { a: { default: 'x'.repeat(60_000) } } } } } },
    many(50_000, () => ({})),
  ],
  [
    'objects to compare with each of many objects',
    { properties: { it: { items: { enum: many(1_000, (i) => ({ a: { b: { c: i } } })) } } } },
    many(5_000, () => ({ a: { b: { c: 'x' } } })),
  ],
];
