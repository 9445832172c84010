import { CommandError, cut, unsupported } from '../errors.ts';
import { remainder } from '../values/arithmetic.ts';
import { compare, equal } from '../values/compare.ts';
import { isDecimalNaN } from '../values/decimal.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { isNumber, isTruthy, toInteger, toNumber, typeName, typeNamesOf } from '../values/types.ts';
import { compileRegex } from './regex.ts';

/** Whether a value satisfies a schema, or one keyword of it. */
type Check = (value: Value) => boolean;

/** The types that JSON Schema itself names; `bsonType` takes MongoDB's own. */
const JSON_TYPES: Readonly<Record<string, string>> = {
  object: 'object',
  array: 'array',
  number: 'number',
  boolean: 'bool',
  string: 'string',
  null: 'null',
};

const UNSUPPORTED = ['$ref', '$schema', 'default', 'definitions', 'format', 'id'];
const ANNOTATIONS = ['title', 'description', 'exclusiveMaximum', 'exclusiveMinimum', 'additionalItems'];

/**
 * Compiles `$jsonSchema` (manual: reference/operator/query/jsonSchema, draft 4 of JSON Schema with `bsonType`).
 * @throws CommandError 9 for a keyword that MongoDB does not know, 14 for one of a wrong type, 238 for `encrypt`
 */
export function compileJsonSchema(schema: Value): Check {
  if (!isDocument(schema)) throw new CommandError(14, '$jsonSchema must be an object');
  const checks = keywordChecks(schema);
  return (value) => checks.every(([, check]) => check(value));
}

/** What one keyword of a schema, which was compiled before, asks for. */
export function keywordCheck(keyword: string, schema: Document): Check {
  const compile = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
  return compile ? compile(schema[keyword], schema) : () => true;
}

function keywordChecks(schema: Document): [string, Check][] {
  if ('type' in schema && 'bsonType' in schema)
    throw new CommandError(9, "Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
  return Object.entries(schema).flatMap(([keyword, operand]): [string, Check][] => {
    if (ANNOTATIONS.includes(keyword)) return [];
    const compile = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (compile) return [[keyword, compile(operand, schema)]];
    if (keyword === 'encrypt' || keyword === 'encryptMetadata') throw unsupported(`The $jsonSchema keyword ${keyword}`);
    if (UNSUPPORTED.includes(keyword))
      throw new CommandError(9, `$jsonSchema keyword '${keyword}' is not currently supported`);
    throw new CommandError(9, `Unknown $jsonSchema keyword: ${cut(keyword)}`);
  });
}

const KEYWORDS: Readonly<Record<string, (operand: Value, schema: Document) => Check>> = {
  bsonType: (operand) => ofType(typeNamesOf(operand)),
  type: (operand) => ofType(list(operand).flatMap(jsonTypes)),
  enum: (operand) => {
    const values = array('enum', operand);
    return (value) => values.some((one) => equal(one, value));
  },
  allOf: (operand) => {
    const schemas = branches('allOf', operand);
    return (value) => schemas.every((check) => check(value));
  },
  anyOf: (operand) => {
    const schemas = branches('anyOf', operand);
    return (value) => schemas.some((check) => check(value));
  },
  oneOf: (operand) => {
    const schemas = branches('oneOf', operand);
    return (value) => schemas.filter((check) => check(value)).length === 1;
  },
  not: (operand) => {
    const check = compileJsonSchema(operand);
    return (value) => !check(value);
  },
  minimum: (operand, schema) => limit('minimum', operand, isTruthy(schema.exclusiveMinimum), (order) => order > 0),
  maximum: (operand, schema) => limit('maximum', operand, isTruthy(schema.exclusiveMaximum), (order) => order < 0),
  multipleOf: (operand) => {
    if (!isNumber(operand) || toNumber(operand) <= 0)
      throw new CommandError(9, "$jsonSchema keyword 'multipleOf' must have a positive value");
    return (value) => !isNumber(value) || (!isDecimalNaN(value) && equal(remainder(value, operand), 0));
  },
  minLength: (operand) => atLeast('minLength', operand, lengthOf),
  maxLength: (operand) => atMost('maxLength', operand, lengthOf),
  minItems: (operand) => atLeast('minItems', operand, itemsOf),
  maxItems: (operand) => atMost('maxItems', operand, itemsOf),
  minProperties: (operand) => atLeast('minProperties', operand, propertiesOf),
  maxProperties: (operand) => atMost('maxProperties', operand, propertiesOf),
  pattern: (operand) => {
    if (typeof operand !== 'string') throw wrongType('pattern', 'string');
    const expression = compileRegex({ pattern: operand, options: '' });
    return (value) => typeof value !== 'string' || expression.test(value);
  },
  uniqueItems: (operand) => (value) =>
    !isTruthy(operand) ||
    !Array.isArray(value) ||
    value.every((item, i) => !value.slice(0, i).some((other) => equal(other, item))),
  required: (operand) => {
    const names = array('required', operand);
    return (value) => !isDocument(value) || names.every((name) => Object.hasOwn(value, name as string));
  },
  properties: (operand) => {
    const schemas = Object.entries(object('properties', operand)).map(
      ([name, schema]) => [name, compileJsonSchema(schema)] as const,
    );
    return (value) =>
      !isDocument(value) || schemas.every(([name, check]) => !Object.hasOwn(value, name) || check(value[name]));
  },
  patternProperties: (operand) => {
    const schemas = patterns(operand);
    return (value) =>
      !isDocument(value) ||
      Object.entries(value).every(([name, inner]) =>
        schemas.every(([pattern, check]) => !pattern.test(name) || check(inner)),
      );
  },
  additionalProperties: (operand, schema) => {
    const check = operand === false ? () => false : operand === true ? () => true : compileJsonSchema(operand);
    const named = isDocument(schema.properties) ? schema.properties : {};
    const expressions = patterns(schema.patternProperties ?? {});
    const isNamed = (name: string) => Object.hasOwn(named, name) || expressions.some(([pattern]) => pattern.test(name));
    return (value) =>
      !isDocument(value) || Object.entries(value).every(([name, inner]) => isNamed(name) || check(inner));
  },
  dependencies: (operand) => {
    const rules = Object.entries(object('dependencies', operand)).map(([name, rule]): [string, Check] => [
      name,
      Array.isArray(rule)
        ? (KEYWORDS.required as (names: Value, schema: Document) => Check)(rule, {})
        : compileJsonSchema(rule),
    ]);
    return (value) => !isDocument(value) || rules.every(([name, check]) => !Object.hasOwn(value, name) || check(value));
  },
  items: (operand, schema) => {
    if (!Array.isArray(operand)) {
      const check = compileJsonSchema(operand);
      return (value) => !Array.isArray(value) || value.every(check);
    }
    const checks = operand.map(compileJsonSchema);
    const more = schema.additionalItems;
    const rest = more === false ? () => false : isDocument(more) ? compileJsonSchema(more) : () => true;
    return (value) => !Array.isArray(value) || value.every((item, i) => (checks[i] ?? rest)(item));
  },
};

function ofType(names: string[]): Check {
  return (value) => names.includes(typeName(value));
}

function jsonTypes(name: Value): string[] {
  if (name === 'integer') throw new CommandError(9, "$jsonSchema type 'integer' is not currently supported.");
  const known = typeof name === 'string' && Object.hasOwn(JSON_TYPES, name) ? JSON_TYPES[name] : undefined;
  if (!known) throw new CommandError(2, `Unknown type name alias: ${cut(name)}`);
  return typeNamesOf(known);
}

function limit(keyword: string, bound: Value, exclusive: boolean, beyond: (order: number) => boolean): Check {
  if (!isNumber(bound)) throw wrongType(keyword, 'number');
  return (value) => {
    if (!isNumber(value)) return true;
    if (isDecimalNaN(value)) return false;
    const order = compare(value, bound);
    return beyond(order) || (order === 0 && !exclusive);
  };
}

function atLeast(keyword: string, operand: Value, measure: (value: Value) => number | undefined): Check {
  const count = countOf(keyword, operand);
  return (value) => (measure(value) ?? count) >= count;
}

function atMost(keyword: string, operand: Value, measure: (value: Value) => number | undefined): Check {
  const count = countOf(keyword, operand);
  return (value) => (measure(value) ?? count) <= count;
}

function countOf(keyword: string, operand: Value): number {
  const count = toInteger(operand, `$jsonSchema keyword '${keyword}'`, 9);
  if (count < 0) throw new CommandError(9, `$jsonSchema keyword '${keyword}' must not be negative`);
  return count;
}

/** Strings are as long as they have code points. */
function lengthOf(value: Value): number | undefined {
  return typeof value === 'string' ? [...value].length : undefined;
}

function itemsOf(value: Value): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function propertiesOf(value: Value): number | undefined {
  return isDocument(value) ? Object.keys(value).length : undefined;
}

function patterns(operand: Value): [RegExp, Check][] {
  return Object.entries(object('patternProperties', operand)).map(([pattern, schema]) => [
    compileRegex({ pattern, options: '' }),
    compileJsonSchema(schema),
  ]);
}

function branches(keyword: string, operand: Value): Check[] {
  return array(keyword, operand).map(compileJsonSchema);
}

function list(operand: Value): Value[] {
  return Array.isArray(operand) ? operand : [operand];
}

function array(keyword: string, operand: Value): Value[] {
  if (!Array.isArray(operand)) throw wrongType(keyword, 'array');
  if (operand.length === 0) throw new CommandError(9, `$jsonSchema keyword '${keyword}' cannot be an empty array`);
  return operand;
}

function object(keyword: string, operand: Value): Document {
  if (!isDocument(operand)) throw wrongType(keyword, 'object');
  return operand;
}

function wrongType(keyword: string, expected: string): CommandError {
  return new CommandError(14, `$jsonSchema keyword '${keyword}' must be of type ${expected}`);
}
