import { formats } from '../formats.ts';
import { linearPattern } from '../linear-pattern.ts';
import { nearest } from '../nearest.ts';
import { escapeToken } from '../pointer.ts';
import { type Budget, spend, spendOnPattern } from './budget.ts';
import { choice } from './choice.ts';
import { equal } from './equal.ts';
import { typeOf } from './type-of.ts';

/** One broken rule, before it is put into words. */
export interface Broken {
  pointer: string;
  keyword: string;
  params: Record<string, unknown>;
  /** the known word that was perhaps meant; asked only for what is told in the end */
  near?: () => string | undefined;
}

type Schema = Record<string, unknown>;

/** Errors that are gathered at most; nobody reads more. */
export const mostErrors = 50;

/**
 * Judges a value by a stranger's schema, which is within the subset of `strangerSchema`. Nothing is compiled: each rule
 * is looked at where it applies, counted against the budget, so that no schema can make the work endless.
 *
 * @returns the broken rules; none when the value is taken
 * @throws TooMuchError
 */
export function judge(root: Schema, value: unknown, budget: Budget): Broken[] {
  return visit({ root, budget }, root, value, '');
}

interface Walk {
  root: Schema;
  budget: Budget;
}

function visit(walk: Walk, schema: unknown, value: unknown, pointer: string): Broken[] {
  spend(walk.budget, 1, pointer);
  if (schema === false) return [{ pointer, keyword: 'false schema', params: {} }];
  if (!isObject(schema)) return [];
  const { type } = schema;
  if (type !== undefined && !hasType(value, [type].flat())) {
    return [{ pointer, keyword: 'type', params: { type, seen: typeOf(value) } }];
  }
  const broken: Broken[] = [];
  fixed(walk, schema, value, pointer, broken);
  if (typeof value === 'string') text(walk, schema, value, pointer, broken);
  else if (typeof value === 'number') number(schema, value, pointer, broken);
  else if (Array.isArray(value)) list(walk, schema, value, pointer, broken);
  else if (isObject(value)) object(walk, schema, value, pointer, broken);
  forms(walk, schema, value, pointer, broken);
  // A broken rule is dearer than a kept one: it is written down, perhaps for each of many forms.
  spend(walk.budget, broken.length, pointer);
  return broken;
}

/** `enum` and `const`. */
function fixed(walk: Walk, schema: Schema, value: unknown, pointer: string, broken: Broken[]): void {
  if (Array.isArray(schema.enum)) {
    const values: unknown[] = schema.enum;
    spend(walk.budget, typeof value === 'object' ? values.length * 10 : values.length / 10, pointer);
    const isThere = typeof value === 'object' ? values.some((one) => equal(one, value)) : values.includes(value);
    if (!isThere) {
      const near = () => (typeof value === 'string' ? nearest(value, values.filter(isText)) : undefined);
      broken.push({ pointer, keyword: 'enum', params: { allowedValues: values }, near });
    }
  }
  if (Object.hasOwn(schema, 'const') && !equal(schema.const, value)) {
    broken.push({ pointer, keyword: 'const', params: { allowedValue: schema.const } });
  }
}

const expressions = new WeakMap<object, RegExp>();

function text(walk: Walk, schema: Schema, value: string, pointer: string, broken: Broken[]): void {
  const { minLength, maxLength, pattern, format } = schema;
  const already = broken.length;
  if (typeof minLength === 'number' && characters(value, minLength) < minLength) {
    broken.push({ pointer, keyword: 'minLength', params: { limit: minLength } });
  }
  if (typeof maxLength === 'number' && characters(value, maxLength + 1) > maxLength) {
    broken.push({ pointer, keyword: 'maxLength', params: { limit: maxLength } });
  }
  // A text of a wrong length is refused unread: neither pattern nor format is run on it.
  if (broken.length > already) return;
  const example = Array.isArray(schema.examples) ? { example: schema.examples[0] } : {};
  if (typeof pattern === 'string' && !matches(walk, schema, pattern, value, pointer)) {
    broken.push({ pointer, keyword: 'pattern', params: { pattern, ...example } });
  }
  if (typeof format === 'string' && Object.hasOwn(formats, format)) {
    spend(walk.budget, value.length / 1_000, pointer);
    const accept = formats[format];
    if (typeof accept === 'function' && !accept(value)) {
      broken.push({ pointer, keyword: 'format', params: { format, ...example } });
    }
  }
}

function matches(walk: Walk, schema: Schema, pattern: string, value: string, pointer: string): boolean {
  spendOnPattern(walk.budget, pattern, value, pointer);
  let expression = expressions.get(schema);
  if (!expression) {
    const linear = linearPattern(pattern);
    if (!linear.ok) throw new Error(`a pattern that intake refuses came through: ${linear.rule}`);
    expression = linear.expression;
    expressions.set(schema, expression);
  }
  return expression.test(value);
}

/** How many characters (code points) a text has; it is not counted further than `enough`. */
function characters(value: string, enough: number): number {
  if (value.length < enough) return value.length;
  let count = 0;
  for (const _ of value) {
    count += 1;
    if (count >= enough) break;
  }
  return count;
}

function number(schema: Schema, value: number, pointer: string, broken: Broken[]): void {
  const { minimum, maximum } = schema;
  if (typeof minimum === 'number' && value < minimum) {
    broken.push({ pointer, keyword: 'minimum', params: { limit: minimum } });
  }
  if (typeof maximum === 'number' && value > maximum) {
    broken.push({ pointer, keyword: 'maximum', params: { limit: maximum } });
  }
}

function list(walk: Walk, schema: Schema, value: unknown[], pointer: string, broken: Broken[]): void {
  const { minItems, maxItems, items } = schema;
  if (typeof minItems === 'number' && value.length < minItems) {
    broken.push({ pointer, keyword: 'minItems', params: { limit: minItems } });
  }
  if (typeof maxItems === 'number' && value.length > maxItems) {
    broken.push({ pointer, keyword: 'maxItems', params: { limit: maxItems } });
  }
  if (items === undefined || items === true) return;
  for (let i = 0; i < value.length && broken.length < mostErrors; i += 1) {
    broken.push(...visit(walk, items, value[i], `${pointer}/${i}`));
  }
}

function object(walk: Walk, schema: Schema, value: Record<string, unknown>, pointer: string, broken: Broken[]): void {
  const { required, additionalProperties } = schema;
  const properties = isObject(schema.properties) ? schema.properties : {};
  for (const name of Array.isArray(required) ? required : []) {
    spend(walk.budget, 0.1, pointer);
    if (Object.hasOwn(value, name) || broken.length >= mostErrors) continue;
    broken.push({ pointer: `${pointer}/${escapeToken(name)}`, keyword: 'required', params: { missingProperty: name } });
  }
  for (const [name, child] of Object.entries(value)) {
    if (broken.length >= mostErrors) break;
    const at = `${pointer}/${escapeToken(name)}`;
    if (Object.hasOwn(properties, name)) broken.push(...visit(walk, properties[name], child, at));
    else if (additionalProperties === false) broken.push(unknown(name, properties, at));
    else if (additionalProperties !== undefined) broken.push(...visit(walk, additionalProperties, child, at));
  }
}

function unknown(name: string, properties: object, pointer: string): Broken {
  const near = () => nearest(name, Object.keys(properties));
  return { pointer, keyword: 'additionalProperties', params: { additionalProperty: name }, near };
}

/** `$ref`, `allOf`, `anyOf`, `oneOf`: other schemas for the same value. */
function forms(walk: Walk, schema: Schema, value: unknown, pointer: string, broken: Broken[]): void {
  if (typeof schema.$ref === 'string') broken.push(...visit(walk, resolve(walk.root, schema.$ref), value, pointer));
  for (const form of Array.isArray(schema.allOf) ? schema.allOf : []) broken.push(...visit(walk, form, value, pointer));
  if (Array.isArray(schema.anyOf)) {
    const tried: Broken[][] = [];
    for (const form of schema.anyOf) {
      const wrong = visit(walk, form, value, pointer);
      tried.push(wrong);
      if (wrong.length === 0) break;
    }
    if (tried.every((wrong) => wrong.length > 0)) broken.push(...choice('anyOf', tried, value, pointer));
  }
  if (Array.isArray(schema.oneOf)) {
    const tried = schema.oneOf.map((form) => visit(walk, form, value, pointer));
    const passing = tried.flatMap((wrong, i) => (wrong.length === 0 ? [i] : []));
    if (passing.length === 0) broken.push(...choice('oneOf', tried, value, pointer));
    if (passing.length > 1) broken.push({ pointer, keyword: 'oneOf', params: { passingSchemas: passing } });
  }
}

/** The definition behind a reference within the document. */
export function resolve(root: Schema, reference: string): unknown {
  const name = reference.slice('#/$defs/'.length).replaceAll('~1', '/').replaceAll('~0', '~');
  return isObject(root.$defs) && Object.hasOwn(root.$defs, name) ? root.$defs[name] : false;
}

function hasType(value: unknown, types: unknown[]): boolean {
  const seen = typeOf(value);
  return types.some((type) => type === seen || (type === 'number' && seen === 'integer'));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
