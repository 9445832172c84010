import { compare, equal } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { isTruthy, typeName } from '../values/types.ts';
import { compileJsonSchema, keywordCheck } from './json-schema.ts';
import { compileRegex } from './regex.ts';

/** What a keyword says of a value that does not satisfy it, besides its name. */
type Explain = (value: Value, operand: Value, schema: Document) => Document;

/** Every keyword in the order in which MongoDB lists what failed. */
const ORDER = [
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'enum',
  'multipleOf',
  'maximum',
  'minimum',
  'maxLength',
  'minLength',
  'pattern',
  'properties',
  'patternProperties',
  'additionalProperties',
  'required',
  'minProperties',
  'maxProperties',
  'dependencies',
  'minItems',
  'maxItems',
  'uniqueItems',
  'items',
  'additionalItems',
  'type',
  'bsonType',
];

/**
 * Why a value does not satisfy a schema: an entry for each keyword that fails (manual: core/schema-validation/specify-json-schema,
 * "MongoDB Returns Error Information").
 */
export function schemaFailures(schema: Document, value: Value): Document[] {
  return ORDER.flatMap((keyword) => {
    if (!Object.hasOwn(schema, keyword)) return [];
    const operand = schema[keyword];
    if (keyword === 'items' && Array.isArray(operand)) return itemFailures(operand, schema, value);
    // Those two are checked together, by `items`.
    if (keyword === 'additionalItems' || keywordCheck(keyword, schema)(value)) return [];
    const explain = EXPLAIN[keyword];
    return explain ? [{ operatorName: keyword, ...explain(value, operand, schema) }] : [];
  });
}

/** A schema's own title and description stand beside what failed of it. */
function named(schema: Value): Document {
  const { title, description } = isDocument(schema) ? schema : {};
  return { ...(title !== undefined && { title }), ...(description !== undefined && { description }) };
}

const considered =
  (keyword: string, reason: string, more: (value: Value) => Document = () => ({})): Explain =>
  (value, operand) => ({ specifiedAs: { [keyword]: operand }, reason, consideredValue: value, ...more(value) });

const bound =
  (keyword: string, exclusive: string): Explain =>
  (value, operand, schema) => ({
    specifiedAs: { [keyword]: operand, ...(exclusive in schema && { [exclusive]: schema[exclusive] }) },
    reason: 'comparison failed',
    consideredValue: value,
  });

const typed = (keyword: string) =>
  considered(keyword, 'type did not match', (value) => ({ consideredType: typeName(value) }));
const length = (keyword: string) => considered(keyword, 'specified string length was not satisfied');
const size = (keyword: string) =>
  considered(keyword, 'array did not match specified length', (value) => ({
    numberOfItems: (value as Value[]).length,
  }));
const count =
  (keyword: string): Explain =>
  (value, operand) => ({
    specifiedAs: { [keyword]: operand },
    reason: 'specified number of properties was not satisfied',
    numberOfProperties: Object.keys(value as Document).length,
  });

/** The schemas of `allOf` and its like that a value does not satisfy. */
const unsatisfied: Explain = (value, operand) => ({
  schemasNotSatisfied: (operand as Document[]).flatMap((schema, index) => {
    const details = schemaFailures(schema, value);
    return details.length ? [{ index, ...named(schema), details }] : [];
  }),
});

const EXPLAIN: Readonly<Record<string, Explain>> = {
  type: typed('type'),
  bsonType: typed('bsonType'),
  enum: considered('enum', 'value was not found in enum'),
  multipleOf: considered('multipleOf', 'considered value is not a multiple of the specified value'),
  minimum: bound('minimum', 'exclusiveMinimum'),
  maximum: bound('maximum', 'exclusiveMaximum'),
  minLength: length('minLength'),
  maxLength: length('maxLength'),
  pattern: considered('pattern', 'regular expression did not match'),
  minItems: size('minItems'),
  maxItems: size('maxItems'),
  minProperties: count('minProperties'),
  maxProperties: count('maxProperties'),
  allOf: unsatisfied,
  anyOf: unsatisfied,
  oneOf: (value, operand, schema) => {
    const matching = (operand as Document[]).flatMap((one, i) => (compileJsonSchema(one)(value) ? [i] : []));
    if (matching.length === 0) return unsatisfied(value, operand, schema);
    return { reason: 'more than one subschema matched', matchingSchemaIndexes: matching };
  },
  not: () => ({ reason: 'child expression matched' }),
  uniqueItems: considered('uniqueItems', 'found a duplicate item', (value) => ({
    duplicatedValue: (value as Value[]).find((item, i) =>
      (value as Value[]).slice(0, i).some((one) => equal(one, item)),
    ),
  })),
  items: (value, operand) =>
    failingItem(value as Value[], operand, 0, 'At least one item did not match the sub-schema'),
  required: (value, operand) => ({
    specifiedAs: { required: operand },
    missingProperties: (operand as string[]).filter((name) => !Object.hasOwn(value as Document, name)).sort(compare),
  }),
  properties: (value, operand) => ({
    propertiesNotSatisfied: Object.entries(operand as Document).flatMap(([propertyName, schema]) => {
      const isThere = Object.hasOwn(value as Document, propertyName);
      const details = isThere ? schemaFailures(schema as Document, (value as Document)[propertyName]) : [];
      return details.length ? [{ propertyName, ...named(schema), details }] : [];
    }),
  }),
  patternProperties: (value, operand) => ({
    details: Object.entries(value as Document).flatMap(([propertyName, inner]) =>
      Object.entries(operand as Document).flatMap(([regexMatched, schema]) => {
        const matches = compileRegex({ pattern: regexMatched, options: '' }).test(propertyName);
        const details = matches ? schemaFailures(schema as Document, inner) : [];
        return details.length ? [{ propertyName, ...named(schema), regexMatched, details }] : [];
      }),
    ),
  }),
  additionalProperties: (value, operand, schema) => {
    const additional = Object.entries(value as Document).filter(([name]) => !isNamed(name, schema));
    if (operand === false)
      return {
        specifiedAs: { additionalProperties: false },
        additionalProperties: additional.map(([name]) => name),
      };
    for (const [failingProperty, inner] of additional) {
      const details = schemaFailures(operand as Document, inner);
      if (details.length === 0) continue;
      const reason = 'at least one additional property did not match the subschema';
      return { ...named(operand), reason, failingProperty, details };
    }
    return {};
  },
  dependencies: (value, operand) => ({
    ...named(operand),
    failingDependencies: Object.entries(operand as Document).flatMap(([conditionalProperty, rule]): Document[] => {
      if (!Object.hasOwn(value as Document, conditionalProperty)) return [];
      if (Array.isArray(rule)) {
        const missingProperties = rule.filter((name) => !Object.hasOwn(value as Document, name));
        return missingProperties.length ? [{ conditionalProperty, missingProperties }] : [];
      }
      const details = isDocument(rule) ? schemaFailures(rule, value) : [];
      return details.length ? [{ conditionalProperty, ...named(rule), details }] : [];
    }),
  }),
};

/** Whether `properties` or `patternProperties` speak of a property. */
function isNamed(name: string, { properties, patternProperties }: Document): boolean {
  if (isDocument(properties) && Object.hasOwn(properties, name)) return true;
  const patterns = isDocument(patternProperties) ? Object.keys(patternProperties) : [];
  return patterns.some((pattern) => compileRegex({ pattern, options: '' }).test(name));
}

/** The first item from `start` on that does not satisfy a schema. */
function failingItem(items: Value[], schema: Value, start: number, reason: string): Document {
  for (let itemIndex = start; itemIndex < items.length; itemIndex++) {
    const details = schemaFailures(schema as Document, items[itemIndex]);
    if (details.length) return { ...named(schema), reason, itemIndex, details };
  }
  return {};
}

/** Of a list of schemas, one for each place, and what `additionalItems` says of the places behind them. */
function itemFailures(schemas: Value[], { additionalItems: more }: Document, value: Value): Document[] {
  if (!Array.isArray(value)) return [];
  const failures: Document[] = [];
  const details = value.slice(0, schemas.length).flatMap((item, itemIndex) => {
    const failed = schemaFailures(schemas[itemIndex] as Document, item);
    return failed.length ? [{ itemIndex, ...named(schemas[itemIndex]), details: failed }] : [];
  });
  if (details.length) failures.push({ operatorName: 'items', details });
  const rest = value.slice(schemas.length);
  if (rest.length === 0 || more === undefined || more === true) return failures;
  if (!isTruthy(more)) {
    const reason = 'found additional items';
    failures.push({
      operatorName: 'additionalItems',
      specifiedAs: { additionalItems: false },
      reason,
      additionalItems: rest,
    });
  } else {
    const reason = 'At least one additional item did not match the sub-schema';
    const failing = failingItem(value, more, schemas.length, reason);
    if (Object.keys(failing).length) failures.push({ operatorName: 'additionalItems', ...failing });
  }
  return failures;
}
