import type { Localized } from '../language/use-text.tsx';

/** The part of JSON Schema that forms are made of; the host judges by all of it. */
export interface JsonSchema {
  type?: string | string[];
  title?: Localized;
  description?: Localized;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: (string | number | boolean | null)[];
  default?: unknown;
  examples?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  ui?: { widget?: string };
}

export type Kind = 'secret' | 'choice' | 'flag' | 'number' | 'long' | 'texts' | 'choices' | 'json' | 'text';

/** Which input shows a schema best. Whatever fits no input is written as JSON. */
export function kindOf(schema: JsonSchema): Kind {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (schema.format === 'secret' || schema.format === 'pem') return schema.format === 'pem' ? 'long' : 'secret';
  if (schema.enum?.every((value) => typeof value === 'string' || typeof value === 'number')) return 'choice';
  if (type === 'boolean') return 'flag';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') {
    const items = schema.items ?? {};
    if (items.enum?.every((value) => typeof value === 'string')) return 'choices';
    return items.type === 'string' ? 'texts' : 'json';
  }
  if (type === 'string') return (schema.maxLength ?? 0) > 300 ? 'long' : 'text';
  return 'json';
}

/** What a form starts with: what is known, else the schema's defaults. */
export function firstValues(schema: JsonSchema, known: Record<string, unknown> = {}): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (known[name] !== undefined) values[name] = known[name];
    else if (field.default !== undefined) values[name] = field.default;
  }
  return values;
}

/** What a form sends: nothing for what was left empty. */
export function filledValues(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
}
