import { type Json, list } from './json.ts';

/**
 * How a list or an object is written into an address (OpenAPI 3.1, 4.8.12.2; Swagger 2, `collectionFormat`): joined by a
 * character, as `name[field]`, each field under its own name, or as JSON text.
 */
export type Style = 'comma' | 'space' | 'tab' | 'pipe' | 'deep' | 'spread' | 'json';

const formats: Record<string, Style | undefined> = { csv: 'comma', ssv: 'space', tsv: 'tab', pipes: 'pipe' };
const joined: Record<string, Style | undefined> = { form: 'comma', spaceDelimited: 'space', pipeDelimited: 'pipe' };

/** The style of a query parameter; none for a single value and for a list that repeats its name. */
export function styleOf(parameter: Json, schema: Json): Style | undefined {
  if (parameter.content) return 'json';
  const types = [schema.type].flat();
  const style = String(parameter.style ?? 'form');
  if (types.includes('array')) {
    // Only parameters of Swagger 2 have a type of their own; their lists are joined unless they say otherwise.
    if (parameter.type === 'array') return formats[String(parameter.collectionFormat ?? 'csv')];
    return parameter.explode === false || (style !== 'form' && parameter.explode !== true) ? joined[style] : undefined;
  }
  const isObject = types.includes('object') || (list(types).length > 0 && schema.properties !== undefined);
  if (!isObject) return undefined;
  if (style === 'deepObject') return 'deep';
  return parameter.explode === false ? 'comma' : 'spread';
}
