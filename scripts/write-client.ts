// Writes the types of `@patchbay/sdk/client` from the host's own OpenAPI document: `npm run client` after a route changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allRoutes } from '../core/app.ts';
import { openApi } from '../core/http/openapi.ts';

type Json = Record<string, unknown>;

/** A schema that takes all of them says nothing: object, array, string, number, boolean, null. */
const jsonTypes = 6;

const file = join(import.meta.dirname, '../sdk/client/api.ts');

/** The text that `sdk/client/api.ts` must have. */
export function clientTypes(): string {
  const document = openApi(allRoutes, { url: '', version: '' });
  const { schemas } = document.components as { schemas: Record<string, Json> };
  const operations = Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string] => {
      const name = `${method.toUpperCase()} ${path}`;
      return [name, operationType(name, operation)];
    }),
  );
  return [
    '// Made from the OpenAPI document by scripts/write-client.ts (npm run client); not written by hand.',
    '',
    '/** What the API speaks of, by the names of its document. */',
    'export interface Schemas {',
    ...Object.entries(schemas).map(([name, schema]) => `  ${name}: ${typeOf(schema, 1)};`),
    '}',
    '',
    '/** Every operation: what goes into its path, its query and its body, and the `content` that it answers. */',
    'export interface Operations {',
    ...operations.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
    '}',
    '',
  ].join('\n');
}

function operationType(name: string, operation: Json): string {
  const parameters = (operation.parameters ?? []) as { name: string; in: string; required?: boolean; schema: Json }[];
  const of = (place: string) =>
    objectType(
      Object.fromEntries(parameters.filter((one) => one.in === place).map((one) => [one.name, one.schema])),
      parameters.filter((one) => one.required).map((one) => one.name),
      2,
    );
  const { content = {}, required = false } = (operation.requestBody ?? {}) as { content?: Json; required?: boolean };
  const json = (content as Record<string, { schema: Json }>)['application/json'];
  const body = json ? typeOf(json.schema, 2) : undefined;
  const fields = [
    `params: ${of('path')}`,
    `query: ${of('query')}`,
    `body: ${body === undefined ? 'undefined' : required ? body : `${body} | undefined`}`,
    `answer: ${answerType(operation)}`,
  ];
  return `  /** ${operation.summary} */\n  '${name}': {\n${fields.map((field) => `    ${field};\n`).join('')}  };`;
}

function answerType(operation: Json): string {
  const [, success] =
    Object.entries(operation.responses as Record<string, Json>).find(([status]) => /^2/.test(status)) ?? [];
  const content = Object(success).content ?? {};
  const schema = content['application/json']?.schema;
  return schema ? typeOf(schema.properties.content, 2) : 'unknown';
}

function typeOf(schema: Json, depth: number): string {
  const { $ref, enum: values, type, anyOf, oneOf, allOf, items, properties, additionalProperties } = schema;
  if (typeof $ref === 'string') return `Schemas['${$ref.split('/').at(-1)}']`;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  const forms = (anyOf ?? oneOf) as Json[] | undefined;
  if (forms) return [...new Set(forms.map((form) => typeOf(form, depth)))].join(' | ');
  if (Array.isArray(allOf)) return allOf.map((form: Json) => `(${typeOf(form, depth)})`).join(' & ');
  if (Array.isArray(type) && type.length >= jsonTypes) return 'unknown';
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one }, depth)).join(' | ');
  if (type === 'array') {
    const inner = items ? typeOf(items as Json, depth) : 'unknown';
    return /[|&]/.test(inner) ? `(${inner})[]` : `${inner}[]`;
  }
  if (type === 'object' || properties) {
    const named = (properties ?? {}) as Record<string, Json>;
    if (Object.keys(named).length > 0) return objectType(named, (schema.required ?? []) as string[], depth);
    if (additionalProperties === false) return 'Record<string, never>';
    return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties as Json, depth) : 'unknown'}>`;
  }
  if (type === 'integer') return 'number';
  return typeof type === 'string' ? type : 'unknown';
}

function objectType(properties: Record<string, Json>, required: string[], depth: number): string {
  const names = Object.keys(properties);
  if (names.length === 0) return '{}';
  const pad = '  '.repeat(depth + 1);
  const lines = names.map((name) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${pad}${key}${required.includes(name) ? '' : '?'}: ${typeOf(properties[name] ?? {}, depth + 1)};`;
  });
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}

if (import.meta.main) {
  const text = clientTypes();
  const isNew = text !== readFileSync(file, { encoding: 'utf8', flag: 'a+' });
  writeFileSync(file, text);
  console.log(isNew ? `wrote ${file}` : `${file} was as it should be`);
  // Importing the routes opens what a host holds open.
  process.exit(0);
}
