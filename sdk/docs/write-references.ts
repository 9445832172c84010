import { writeFileSync } from 'node:fs';
import { failures } from '../contract/failure.ts';
import { manifestSchema } from '../contract/manifest.ts';
import { apiReference } from './api-reference.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  properties?: Record<string, Schema | boolean>;
  required?: string[];
  anyOf?: Schema[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  allOf?: { if?: { properties?: Record<string, Schema> }; then?: { required?: string[]; properties?: object } }[];
}

/** `docs/errors.md`, from the one table of failures. */
export function errorReference(): string {
  const rows = Object.entries(failures).map(
    ([name, { code, status, messages }]) =>
      `| ${code} | ${status} | \`${name}\` | ${messages.en} | ${messages['zh-Hans']} | ${messages['zh-Hant']} |`,
  );
  const head = ['| code | HTTP | name | en | zh-Hans | zh-Hant |', '|---|---|---|---|---|---|'];
  return ['# Errors of the host', '', 'Made from `sdk/contract/failures.ts`.', '', ...head, ...rows, ''].join('\n');
}

/** `docs/manifest.md`, from the schema that checks manifests. */
export function manifestReference(): string {
  const { $defs, ...root } = manifestSchema as Schema & { $defs: Record<string, Schema> };
  const parts = [
    ...section('The manifest (`plugin.json`)', root),
    ...Object.entries($defs).flatMap(([name, schema]) => section(name, schema)),
  ];
  return [
    '# The manifest, field by field',
    '',
    'Made from `sdk/contract/plugin.schema.json`. A `?` marks what may be absent.',
    '',
    ...parts,
  ].join('\n');
}

function section(title: string, schema: Schema): string[] {
  const lines = [`## ${title}`, ''];
  if (schema.description) lines.push(`${schema.description}.`, '');
  if (!schema.properties) return [...lines, kindOf(schema), ''];
  lines.push('| field | what it takes |', '|---|---|');
  for (const [name, field] of Object.entries(schema.properties)) {
    if (typeof field === 'boolean') continue;
    const mark = schema.required?.includes(name) ? '' : '?';
    const note = field.description ? `${field.description}; ` : '';
    lines.push(`| \`${name}\`${mark} | ${(note + kindOf(field)).replaceAll('|', '\\|')} |`);
  }
  const kinds = (schema.allOf ?? []).flatMap(({ if: when, then }) => {
    const [[tag, kind] = []] = Object.entries(when?.properties ?? {});
    if (tag === undefined || kind?.const === undefined) return [];
    const needs = then?.required?.map((name) => `\`${name}\``).join(', ') || 'nothing more';
    return [`- \`${tag}: ${kind.const}\` needs ${needs}`];
  });
  return [...lines, '', ...kinds, ...(kinds.length > 0 ? [''] : [])];
}

/** What a field takes, in a few words. */
function kindOf(schema: Schema): string {
  if (schema.$ref) {
    const name = schema.$ref.replace('#/$defs/', '');
    return `[${name}](#${name})`;
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? kindOf(schema.items) : 'anything'}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object')
    return `by name: ${kindOf(schema.additionalProperties)}`;
  if (schema.properties)
    return `{ ${Object.keys(schema.properties)
      .map((name) => `\`${name}\``)
      .join(', ')} }`;
  const range = schema.minimum === undefined ? '' : ` from ${schema.minimum} to ${schema.maximum}`;
  return `${[schema.type ?? 'anything'].flat().join(' or ')}${range}${schema.pattern ? `, as \`${schema.pattern}\`` : ''}`;
}

if (import.meta.main) {
  writeFileSync(new URL('errors.md', import.meta.url), errorReference());
  writeFileSync(new URL('manifest.md', import.meta.url), manifestReference());
  writeFileSync(new URL('api.md', import.meta.url), apiReference());
}
