import { schemaMistake } from './accepts.ts';
import { formatNames } from './formats.ts';
import { linearPattern } from './linear-pattern.ts';
import { nearest } from './nearest.ts';
import { nestsDeeper } from './nests-deeper.ts';
import { escapeToken, valueAt } from './pointer.ts';
import { type Problem, problem } from './problem.ts';
import { quote } from './quote.ts';

/** What a schema from a stranger may weigh, nest, list, and unfold to when its references are followed. */
export const schemaLimits = { bytes: 65_536, depth: 12, enum: 1_000, nodes: 20_000 } as const;

const keywords = [
  ...['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'anyOf', 'oneOf', 'allOf'],
  ...['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern', 'format', 'default'],
  ...['title', 'description', 'examples', '$defs', '$ref', 'ui'],
];

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/** What to write instead of well-known keywords that are not taken. */
const instead: Record<string, string> = {
  prefixItems: 'use an object with named properties; a tuple is typed wrongly without a word',
  if: 'use oneOf with a const field in each form',
  not: 'name what is allowed instead',
  patternProperties: 'use additionalProperties with a schema',
  unevaluatedProperties: 'use additionalProperties: false in each form',
  unevaluatedItems: 'use items',
  nullable: 'write "type": ["string", "null"]',
  exclusiveMinimum: 'use minimum',
  exclusiveMaximum: 'use maximum',
  definitions: 'call it $defs',
  $dynamicRef: 'use $ref without recursion',
  $id: 'leave it out: a schema refers only within itself',
  $schema: 'leave it out: 2020-12 is meant',
};

interface Walk {
  root: Record<string, unknown>;
  base: string;
  problems: Problem[];
  /** Unfolded size below each `$defs` entry, so that references cannot multiply without bound. */
  sizes: Map<string, { nodes: number; depth: number }>;
  open: string[];
}

/**
 * Checks that a schema from a stranger stays within the subset that the host takes (`stranger-check.ts` runs it): linear to
 * run, without recursion, closed to the outside. Answers every problem found, with pointers below `base`.
 *
 * @param schema what stood in the manifest, of any shape
 * @param base pointer of the schema within its document
 * @param bytes the greatest size as JSON, 64 KB unless given
 */
export function strangerSchema(schema: unknown, base = '', bytes: number = schemaLimits.bytes): Problem[] {
  if (!isObject(schema)) return [problem(base, 'schema-object', schema, 'must be a JSON Schema object', 'write {…}')];
  if (nestsDeeper(schema, 100)) {
    const rule = `must nest at most ${schemaLimits.depth} levels`;
    return [problem(base, 'schema-depth', undefined, rule, 'flatten it; the levels behind each $ref count too')];
  }
  const size = Buffer.byteLength(JSON.stringify(schema));
  if (size > bytes) {
    const fix = 'move what repeats into $defs, or leave out descriptions and examples';
    return [problem(base, 'schema-size', size, `must be at most ${bytes} bytes as JSON`, fix)];
  }
  const walk: Walk = { root: schema, base, problems: [], sizes: new Map(), open: [] };
  const { nodes, depth } = visit(walk, schema, '', 1);
  for (const [name, definition] of Object.entries(isObject(schema.$defs) ? schema.$defs : {})) {
    sizeOf(walk, name, definition, '');
  }
  if (depth > schemaLimits.depth && !walk.problems.some(({ rule }) => rule === 'schema-depth')) {
    const fix = 'flatten it; the levels behind each $ref count too';
    walk.problems.push(problem(base, 'schema-depth', depth, `must nest at most ${schemaLimits.depth} levels`, fix));
  }
  if (nodes > schemaLimits.nodes) {
    const fix = 'let fewer $ref point at large definitions';
    const rule = `must unfold to at most ${schemaLimits.nodes} schemas`;
    walk.problems.push(problem(base, 'schema-unfolds', nodes, rule, fix));
  }
  if (walk.problems.length === 0) isValid(walk);
  return walk.problems;
}

/** Visits one schema; answers how many schemas it unfolds to and how deep it goes. */
function visit(walk: Walk, schema: unknown, at: string, level: number): { nodes: number; depth: number } {
  if (typeof schema === 'boolean') return { nodes: 1, depth: 1 };
  if (!isObject(schema)) {
    report(walk, at, 'schema-object', schema, 'must be a JSON Schema object, true or false', 'write {…}');
    return { nodes: 1, depth: 1 };
  }
  if (level > schemaLimits.depth * 2) {
    report(walk, at, 'schema-depth', level, `must nest at most ${schemaLimits.depth} levels`, 'flatten it');
    return { nodes: 1, depth: 1 };
  }
  keywordsOf(walk, schema, at);
  const total = { nodes: 1, depth: 1 };
  const add = ({ nodes, depth }: { nodes: number; depth: number }, deeper: number) => {
    total.nodes = Math.min(total.nodes + nodes, Number.MAX_SAFE_INTEGER);
    total.depth = Math.max(total.depth, depth + deeper);
  };
  if (schema.$ref !== undefined) add(reference(walk, schema.$ref, at), 0);
  for (const [keyword, child, path] of childrenOf(schema)) {
    add(visit(walk, child, `${at}/${path}`, level + 1), keyword === 'of' ? 0 : 1);
  }
  return total;
}

/** The schemas directly within a schema: `of` for the same instance (anyOf …), `in` for a part of it. */
function* childrenOf(schema: Record<string, unknown>): Generator<['of' | 'in', unknown, string]> {
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const forms = schema[keyword];
    if (Array.isArray(forms)) for (const [i, form] of forms.entries()) yield ['of', form, `${keyword}/${i}`];
  }
  if (isObject(schema.properties)) {
    for (const [name, child] of Object.entries(schema.properties)) {
      yield ['in', child, `properties/${escapeToken(name)}`];
    }
  }
  for (const keyword of ['items', 'additionalProperties']) {
    if (schema[keyword] !== undefined && !Array.isArray(schema[keyword])) yield ['in', schema[keyword], keyword];
  }
}

function keywordsOf(walk: Walk, schema: Record<string, unknown>, at: string): void {
  for (const keyword of Object.keys(schema)) {
    if (keywords.includes(keyword)) continue;
    const near = nearest(keyword, keywords);
    const known = Object.hasOwn(instead, keyword) ? instead[keyword] : undefined;
    const fix = known ?? (near ? `did you mean "${near}"?` : `use only ${keywords.join(', ')}`);
    report(
      walk,
      `${at}/${escapeToken(keyword)}`,
      'schema-keyword',
      keyword,
      'is not a keyword that the host takes',
      fix,
    );
  }
  if (schema.$defs !== undefined && at !== '') {
    report(
      walk,
      `${at}/$defs`,
      'schema-defs',
      undefined,
      'may stand only at the top',
      'move it to the top of the schema',
    );
  }
  if (Array.isArray(schema.items)) {
    report(
      walk,
      `${at}/items`,
      'schema-items',
      schema.items,
      'must be one schema',
      'use an object with named properties',
    );
  }
  if (Array.isArray(schema.enum) && schema.enum.length > schemaLimits.enum) {
    const rule = `must have at most ${schemaLimits.enum} entries`;
    report(walk, `${at}/enum`, 'schema-enum', schema.enum.length, rule, 'use a pattern, or check it in the handler');
  }
  if (Array.isArray(schema.enum) && schema.enum.length === 0) {
    const rule = 'has no entry, so that no value fits';
    report(walk, `${at}/enum`, 'schema-enum', schema.enum, rule, 'list the values, or remove it');
  }
  neverGiven(walk, schema, at);
  if (isObject(schema.properties) && Object.hasOwn(schema.properties, '__proto__')) {
    report(
      walk,
      `${at}/properties/__proto__`,
      'schema-name',
      '__proto__',
      'is not a field name',
      'choose another name',
    );
  }
  if (typeof schema.format === 'string' && !formatNames.includes(schema.format)) {
    const near = nearest(schema.format, formatNames);
    const fix = near ? `did you mean "${near}"?` : `use one of ${formatNames.join(', ')}`;
    report(walk, `${at}/format`, 'schema-format', schema.format, 'is not a known format', fix);
  }
  if (typeof schema.pattern === 'string') {
    const linear = linearPattern(schema.pattern);
    if (!linear.ok)
      report(walk, `${at}/pattern`, 'schema-pattern', schema.pattern, `is refused: ${linear.rule}`, linear.fix);
  }
}

/** A required field that a closed object does not have: no value fits, and most likely the name is misspelt. */
function neverGiven(
  walk: Walk,
  { required, properties, additionalProperties }: Record<string, unknown>,
  at: string,
): void {
  if (additionalProperties !== false || !Array.isArray(required)) return;
  const known = isObject(properties) ? Object.keys(properties) : [];
  for (const [i, name] of required.entries()) {
    if (typeof name !== 'string' || known.includes(name)) continue;
    const near = nearest(name, known);
    const fix = near ? `did you mean "${near}"?` : 'add it to properties';
    report(walk, `${at}/required/${i}`, 'schema-required', name, 'is required, and no property of this object', fix);
  }
}

function reference(walk: Walk, target: unknown, at: string): { nodes: number; depth: number } {
  const none = { nodes: 1, depth: 1 };
  const name = typeof target === 'string' ? /^#\/\$defs\/([^/]+)$/.exec(target)?.[1] : undefined;
  const definitions = isObject(walk.root.$defs) ? walk.root.$defs : {};
  if (name === undefined) {
    report(walk, `${at}/$ref`, 'schema-ref', target, 'must point into this schema', 'write "#/$defs/<name>"');
    return none;
  }
  const plain = name.replaceAll('~1', '/').replaceAll('~0', '~');
  if (!Object.hasOwn(definitions, plain)) {
    const near = nearest(plain, Object.keys(definitions));
    const fix = near ? `did you mean "#/$defs/${near}"?` : 'add it to $defs';
    report(walk, `${at}/$ref`, 'schema-ref', target, 'points at nothing', fix);
    return none;
  }
  return sizeOf(walk, plain, definitions[plain], at);
}

function sizeOf(walk: Walk, name: string, definition: unknown, at: string): { nodes: number; depth: number } {
  const known = walk.sizes.get(name);
  if (known) return known;
  if (walk.open.includes(name)) {
    const round = [...walk.open.slice(walk.open.indexOf(name)), name].join(' → ');
    report(walk, `${at}/$ref`, 'schema-recursion', round, 'must not refer to itself', 'cut the recursion at a depth');
    return { nodes: 1, depth: 1 };
  }
  walk.open.push(name);
  const size = visit(walk, definition, `/$defs/${escapeToken(name)}`, 1);
  walk.open.pop();
  walk.sizes.set(name, size);
  return size;
}

/** What is left is mostly wrong types of keywords (`"required": true`); Ajv's own check of the schema finds them. */
function isValid(walk: Walk): void {
  const mistake = schemaMistake(walk.root);
  if (!mistake) return;
  const seen = valueAt(walk.root, mistake.pointer);
  if (/\/type(\/\d+)?$/.test(mistake.pointer) && typeof seen === 'string') {
    const near = nearest(seen, types);
    const rule = `is not valid JSON Schema 2020-12: must be one of ${types.map((type) => quote(type)).join(', ')}`;
    report(walk, mistake.pointer, 'schema-invalid', seen, rule, near ? `write "${near}"` : 'choose one of them');
    return;
  }
  const rule = `is not valid JSON Schema 2020-12: ${mistake.reason}`;
  report(walk, mistake.pointer, 'schema-invalid', seen, rule, 'write what this keyword takes');
}

function report(walk: Walk, at: string, rule: string, seen: unknown, expected: string, fix: string): void {
  const pointer = `${walk.base}${at}`;
  if (walk.problems.length < 50 && !walk.problems.some((known) => known.pointer === pointer && known.rule === rule)) {
    walk.problems.push(problem(pointer, rule, seen, expected, fix));
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
