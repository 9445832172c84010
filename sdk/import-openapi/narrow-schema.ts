import { formatNames } from '../contract/formats.ts';
import { linearPattern } from '../contract/linear-pattern.ts';
import { type Json, list, object } from './document.ts';

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const kept = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'const'];

/**
 * A schema of a document within the subset that hosts take: references put in, what cannot be said left open. Only what
 * is looser comes out, never what is stricter, so that no true value is refused.
 *
 * @param levels how deep it goes; what lies deeper may be anything
 */
export function narrowSchema(given: unknown, resolve: (value: unknown) => Json, levels: number): Json {
  const schema = resolve(given);
  const out: Json = {};
  const nullable = schema.nullable === true;
  const type = list([schema.type].flat())
    .map(String)
    .filter((name) => types.includes(name));
  if (type.length > 0)
    out.type = nullable && !type.includes('null') ? [...type, 'null'] : type.length === 1 ? type[0] : type;
  for (const keyword of kept) if (schema[keyword] !== undefined) out[keyword] = schema[keyword];
  const values = list(schema.enum);
  if (values.length > 0 && values.length <= 200)
    out.enum = nullable && !values.includes(null) ? [...values, null] : values;
  if (
    typeof schema.format === 'string' &&
    formatNames.includes(schema.format) &&
    type.includes('string') &&
    levels > 0
  ) {
    if (['date-time', 'date', 'uuid'].includes(schema.format)) out.format = schema.format;
  }
  if (typeof schema.pattern === 'string' && linearPattern(schema.pattern).ok) out.pattern = schema.pattern;
  if (levels <= 0) return out;
  const properties = Object.entries(object(schema.properties)).filter(([name]) => name !== '__proto__');
  if (properties.length > 0) {
    out.properties = Object.fromEntries(
      properties.map(([name, child]) => [name, narrowSchema(child, resolve, levels - 1)]),
    );
    const needed = list(schema.required).filter((name) => properties.some(([known]) => known === name));
    if (needed.length > 0) out.required = needed;
  }
  if (schema.items !== undefined && !Array.isArray(schema.items))
    out.items = narrowSchema(schema.items, resolve, levels - 1);
  const forms = list(schema.anyOf ?? schema.oneOf).slice(0, 20);
  // oneOf as anyOf: a document's forms often overlap, and what fits two is still a true value.
  if (forms.length > 0)
    out.anyOf = [
      ...forms.map((form) => narrowSchema(form, resolve, levels - 1)),
      ...(nullable ? [{ type: 'null' }] : []),
    ];
  const all = list(schema.allOf);
  if (all.length > 0) out.allOf = all.map((form) => narrowSchema(form, resolve, levels - 1));
  return out;
}
