import { formatNames } from '../contract/formats.ts';
import { linearPattern } from '../contract/linear-pattern.ts';
import { type Json, list, object } from './json.ts';

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const kept = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'const'];

/** No required field is followed deeper than so many levels below the cut. */
const deepestRequired = -5;

/**
 * A schema of a document within the subset that hosts take: references put in, what cannot be said left open. Only what
 * is looser comes out, never what is stricter, so that no true value is refused.
 *
 * @param levels how deep it goes; of what lies deeper only required fields are said
 * @param deepest the level below which nothing is said at all
 */
export function narrowSchema(
  given: unknown,
  resolve: (value: unknown) => Json,
  levels: number,
  deepest = deepestRequired,
): Json {
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
  if (typeof schema.pattern === 'string') Object.assign(out, patternOf(schema.pattern, out));
  const isCut = levels <= 0;
  if (levels < deepest) return out;
  const needed = list(schema.required).map(String);
  // What is cut keeps its required fields: a value made after this schema is then whole, as far as it goes.
  const properties = Object.entries(object(schema.properties)).filter(
    ([name]) => name !== '__proto__' && (!isCut || needed.includes(name)),
  );
  if (properties.length > 0) {
    out.properties = Object.fromEntries(
      properties.map(([name, child]) => [name, narrowSchema(child, resolve, levels - 1, deepest)]),
    );
  }
  // Also those whose properties stand elsewhere: documents split a schema over allOf.
  const required = [...new Set(needed)].filter((name) => name !== '__proto__');
  if (required.length > 0) out.required = required;
  const isListed = !isCut || Number(schema.minItems ?? 0) > 0;
  if (schema.items !== undefined && !Array.isArray(schema.items) && isListed)
    out.items = narrowSchema(schema.items, resolve, levels - 1, deepest);
  const forms = list(schema.anyOf ?? schema.oneOf).slice(0, 20);
  // oneOf as anyOf: a document's forms often overlap, and what fits two is still a true value.
  if (forms.length > 0)
    out.anyOf = [
      ...forms.map((form) => narrowSchema(form, resolve, levels - 1, deepest)),
      ...(nullable ? [{ type: 'null' }] : []),
    ];
  const all = list(schema.allOf);
  if (all.length > 0) out.allOf = all.map((form) => narrowSchema(form, resolve, levels - 1, deepest));
  // `type: object` around one `type: array` fits nothing: the part that says more is what the vendor means.
  const partTypes = all.map((part) => resolve(part).type).filter((one) => one !== undefined);
  if (out.type === 'object' && properties.length === 0 && partTypes.length > 0 && !partTypes.includes('object')) {
    delete out.type;
  }
  return out;
}

/** A pattern that hosts take: a long count of one class, `^[0-9a-f]{32}$`, becomes the class with a length. */
function patternOf(pattern: string, { minLength = 0, maxLength }: Json): Json {
  if (linearPattern(pattern).ok) return { pattern };
  // A count that is too long for them, in a pattern that is more: any number instead, which is looser.
  const loose = pattern.replace(/\{(\d+)(?:,(\d*))?\}/g, (whole, least: string, most?: string) =>
    Math.max(Number(least), Number(most ?? 0)) <= 16 ? whole : Number(least) > 0 ? '+' : '*',
  );
  const counted = /^\^(\[[^\]]+\]|\\[dw])\{(\d+)(?:(,)(\d*))?\}\$$/.exec(pattern);
  const [, one = '', least = '0', comma, most] = counted ?? [];
  const plain = `^${one}*$`;
  // A brace within a class is a character, no count.
  const isLooser = !/\[[^\]]*\{/.test(pattern) && linearPattern(loose).ok;
  if (!counted || !linearPattern(plain).ok) return isLooser ? { pattern: loose } : {};
  const end = comma === undefined ? least : most;
  return {
    pattern: plain,
    minLength: Math.max(Number(least), Number(minLength)),
    ...(end ? { maxLength: Math.min(Number(end), Number(maxLength ?? end)) } : {}),
  };
}
