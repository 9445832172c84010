import { Ajv2020 as Ajv, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { coerceQuery } from './coerce-query.ts';
import { formats } from './formats.ts';
import type { Language } from './language.ts';
import { linearPattern } from './linear-pattern.ts';
import { plainErrors } from './plain-errors.ts';

/** One broken rule: where (RFC 6901), what is said to a person, which keyword of JSON Schema, and its parameters. */
export interface SchemaError {
  pointer: string;
  message: string;
  keyword: string;
  params: Record<string, unknown>;
}

export type Checked<Value> = { ok: true; value: Value } | { ok: false; errors: SchemaError[] };

/** Checks a value; sentences come in `language` (`en`), and `sentenceFor` says them again in another. */
export type Check<Value> = (value: unknown, language?: Language) => Checked<Value>;

export interface AcceptOptions {
  /** The value is a parsed query string: turn texts into the numbers, booleans and lists that the schema asks for. */
  coerce?: boolean;
  /** Put the schema's `default`s in, in a copy. */
  defaults?: boolean;
}

const compiled = new WeakMap<object, Map<string, ValidateFunction>>();

/**
 * Makes the check of a JSON Schema (2020-12). The schema is compiled at the first check and kept as long as the schema
 * object itself. The checked value is never changed: `coerce` and `defaults` answer a copy.
 *
 * @throws {Error} at the first check, when the schema itself is not valid
 * @example
 * const check = accepts({ type: 'object', required: ['name'], properties: { name: { type: 'string' } } } as const)
 * check({})   // { ok: false, errors: [{ pointer: '/name', message: 'is required', keyword: 'required', … }] }
 */
export function accepts<const Schema extends JSONSchema>(
  schema: Schema,
  options?: AcceptOptions,
): Check<Exclude<JSONSchema, boolean> extends Schema ? unknown : FromSchema<Schema>>;
export function accepts(schema: object, options?: AcceptOptions): Check<unknown>;
export function accepts(schema: JSONSchema | object, options: AcceptOptions = {}): Check<unknown> {
  const asked = typeof schema === 'object' ? schema : { not: { const: schema ? '\0' : undefined } };
  return (given, language = 'en') => {
    const coerced = options.coerce ? coerceQuery(asked, given) : given;
    const value = options.defaults ? structuredClone(coerced) : coerced;
    const validate = compile(asked, options.defaults ?? false);
    if (validate(value)) return { ok: true, value };
    return { ok: false, errors: plainErrors(validate.errors ?? [], language) };
  };
}

/** What is wrong with a schema as a document of JSON Schema 2020-12; null when nothing is. Nothing is compiled. */
export function schemaMistake(schema: object): { pointer: string; reason: string } | null {
  try {
    if (plain.validateSchema(schema, false) === true) return null;
  } catch (error) {
    return { pointer: '', reason: error instanceof Error ? error.message : String(error) };
  }
  const [first] = plainErrors(plain.errors ?? [], 'en');
  return { pointer: first?.pointer ?? '', reason: first?.message ?? 'it is not valid' };
}

function compile(schema: object, defaults: boolean): ValidateFunction {
  const made = compiled.get(schema) ?? new Map<string, ValidateFunction>();
  compiled.set(schema, made);
  const key = String(defaults);
  const known = made.get(key);
  if (known) return known;
  const ajv = defaults ? withDefaults : plain;
  try {
    const validate = ajv.compile(schema);
    made.set(key, validate);
    return validate;
  } finally {
    // Ajv would keep every schema for ever; this WeakMap keeps it as long as somebody uses it.
    ajv.removeSchema(schema);
  }
}

function makeAjv(useDefaults: boolean): Ajv {
  return new Ajv({
    allErrors: true,
    useDefaults,
    strict: false,
    discriminator: true,
    ownProperties: true,
    verbose: true,
    logger: false,
    validateSchema: true,
    formats,
    // A schema is checked far fewer times than it would take to win back a compilation that is several times as long.
    inlineRefs: false,
    code: { regExp: Object.assign(patternFor, { code: 'patternFor' }), optimize: false },
  });
}

/** Linear where it can be; our own schemas may use what cannot, a stranger's were refused at intake (`stranger-schema.ts`). */
function patternFor(pattern: string, flags: string): RegExp {
  const linear = linearPattern(pattern);
  return linear.ok ? linear.expression : new RegExp(pattern, flags);
}

const plain = makeAjv(false);
const withDefaults = makeAjv(true);
