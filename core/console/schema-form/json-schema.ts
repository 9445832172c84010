import type { Localized } from '../language/use-text.tsx';

/** The part of JSON Schema that forms are made of; the host judges by all of it. */
export interface JsonSchema {
  type?: string | string[];
  title?: Localized;
  description?: Localized;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  enum?: (string | number | boolean | null)[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
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

/**
 * Which input shows a value best: `parts` are shown one by one, what is `fixed` is not shown, whatever fits no input is
 * written as JSON.
 */
export type Kind =
  | 'secret'
  | 'choice'
  | 'flag'
  | 'number'
  | 'long'
  | 'texts'
  | 'choices'
  | 'json'
  | 'text'
  | 'parts'
  | 'fixed';

/** What a stored secret reads; writing it back keeps the secret. */
export const keptSecret = '••••';

/** The input for a schema. */
export function kindOf(schema: JsonSchema): Kind {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (schema.$ref || schema.anyOf || schema.oneOf) return 'parts';
  if (schema.const !== undefined) return 'fixed';
  if (schema.format === 'secret' || schema.format === 'pem' || schema.format === 'password') return 'secret';
  if (schema.enum?.every((value) => typeof value === 'string' || typeof value === 'number')) return 'choice';
  if (type === 'boolean') return 'flag';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') {
    const items = schema.items;
    if (items?.enum?.every((value) => typeof value === 'string')) return 'choices';
    if (items?.type === 'string' && !items.format) return 'texts';
    return items && kindOf(items) !== 'json' ? 'parts' : 'json';
  }
  if (type === 'string') return isLong(schema) ? 'long' : 'text';
  if (type === 'object' || schema.properties)
    return schema.properties || typeof schema.additionalProperties === 'object' ? 'parts' : 'json';
  return schema.allOf ? 'parts' : 'json';
}

function isLong(schema: JsonSchema): boolean {
  return (schema.maxLength ?? 0) > 300 || ['textarea', 'code', 'markdown'].includes(schema.ui?.widget ?? '');
}

/** What a form sends: nothing for what was left empty. */
export function filledValues(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
}
