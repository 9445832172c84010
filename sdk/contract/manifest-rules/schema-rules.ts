import type { Manifest } from '../manifest.ts';
import { pointerTo } from '../pointer.ts';
import { type Problem, problem } from '../problem.ts';
import { strangerCheck } from '../stranger/stranger-check.ts';
import { strangerSchema } from '../stranger-schema.ts';

interface PlacedSchema {
  pointer: string;
  schema: object;
  /** Forms and tools are made of it, so it must describe an object. */
  object: boolean;
}

/** Every schema of a manifest stays within the strangers' subset; settings and inputs are objects; samples fit. */
export function schemaRules(manifest: Manifest): Problem[] {
  const problems: Problem[] = [];
  for (const { pointer, schema, object } of schemasOf(manifest)) {
    problems.push(...strangerSchema(schema, pointer));
    if (object && !('type' in schema && schema.type === 'object')) {
      const fix = 'write {"type": "object", "properties": {…}}';
      problems.push(problem(pointer, 'schema-object', undefined, 'must have "type": "object"', fix));
    }
  }
  problems.push(...secretFields(manifest));
  if (problems.length === 0) problems.push(...samples(manifest), ...defaults(manifest));
  return problems;
}

/** Every stranger's schema in a manifest with its place. */
export function* schemasOf(manifest: Manifest): Generator<PlacedSchema> {
  if (isObject(manifest.configuration)) {
    yield { pointer: '/configuration', schema: manifest.configuration, object: true };
  }
  for (const [name, { input, output }] of Object.entries(manifest.actions ?? {})) {
    if (isObject(input)) yield { pointer: pointerTo('actions', name, 'input'), schema: input, object: true };
    if (isObject(output)) yield { pointer: pointerTo('actions', name, 'output'), schema: output, object: false };
  }
  for (const [name, { schema }] of Object.entries(manifest.streams ?? {})) {
    if (isObject(schema)) yield { pointer: pointerTo('streams', name, 'schema'), schema, object: true };
  }
  for (const [name, { schema }] of Object.entries(manifest.events ?? {})) {
    if (isObject(schema)) yield { pointer: pointerTo('events', name, 'schema'), schema, object: false };
  }
}

/** A secret is one text field at the top of the settings: only there can it be sealed and named. */
function secretFields({ configuration }: Manifest): Problem[] {
  const problems: Problem[] = [];
  const visit = (schema: unknown, at: string) => {
    if (!isObject(schema)) return;
    if (schema.format === 'secret') {
      if (!/^\/configuration\/properties\/[^/]+$/.test(at)) {
        const fix = 'move it to the top of configuration.properties';
        problems.push(problem(at, 'secret-place', undefined, 'is a secret below the top of the settings', fix));
      } else if (schema.type !== 'string') {
        problems.push(
          problem(`${at}/type`, 'secret-type', schema.type, 'must be "string" for a secret', 'write "string"'),
        );
      }
      for (const keyword of ['default', 'const', 'enum', 'examples']) {
        if (schema[keyword] === undefined) continue;
        const fix = 'remove it: whatever stands in a manifest is public';
        problems.push(problem(`${at}/${keyword}`, 'secret-value', undefined, 'gives away a secret', fix));
      }
    }
    for (const [key, child] of Object.entries(schema)) visit(child, `${at}${pointerTo(key)}`);
  };
  visit(configuration, '/configuration');
  return problems;
}

function samples({ events = {} }: Manifest): Problem[] {
  return Object.entries(events).flatMap(([type, { schema, sample }]) => {
    if (!isObject(schema)) return [];
    const checked = strangerCheck(schema)(sample);
    if (checked.ok) return [];
    return checked.errors.map((error) => {
      const pointer = `${pointerTo('events', type, 'sample')}${error.pointer}`;
      return problem(pointer, 'sample', undefined, error.message, 'make the sample fit the schema, or mend the schema');
    });
  });
}

/** A default is a value like any other: one that its own field refuses is a mistake. */
function defaults(manifest: Manifest): Problem[] {
  const problems: Problem[] = [];
  for (const { pointer, schema } of schemasOf(manifest)) {
    const { $defs } = schema as Record<string, unknown>;
    const visit = (part: unknown, at: string) => {
      if (!isObject(part)) return;
      if ('default' in part && !at.endsWith('/properties')) {
        const checked = strangerCheck({ ...part, ...(isObject($defs) && { $defs }) })(part.default);
        const [error] = checked.ok ? [] : checked.errors;
        const fix = 'write a value that its own field takes';
        if (error) problems.push(problem(`${at}/default${error.pointer}`, 'default', part.default, error.message, fix));
      }
      for (const [key, child] of Object.entries(part)) if (key !== 'default') visit(child, `${at}${pointerTo(key)}`);
    };
    visit(schema, pointer);
  }
  return problems;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
