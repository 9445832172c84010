type Json = Record<string, any>;

/**
 * A random value that a schema of a manifest takes. Optional fields come half of the time.
 *
 * @param next 0 to 1
 */
export function randomValue(schema: Json, next: () => number, depth = 0): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  if ('const' in schema) return schema.const;
  if (schema.enum) return pick(schema.enum);
  if (schema.allOf) return randomValue([own(schema), ...schema.allOf].reduce(merged), next, depth);
  const forms = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (forms) {
    const value = randomValue({ ...own(schema), ...pick(forms.filter((form) => form.type !== 'null')) }, next, depth);
    return value;
  }
  const types = [schema.type ?? (schema.properties ? 'object' : 'string')].flat().filter((type) => type !== 'null');
  switch (pick(types)) {
    case 'object': {
      const { properties = {}, required = [] } = schema;
      const names = [...new Set([...Object.keys(properties), ...required])].filter(
        (name) => required.includes(name) || (depth < 4 && next() < 0.5),
      );
      return Object.fromEntries(names.map((name) => [name, randomValue(properties[name] ?? {}, next, depth + 1)]));
    }
    case 'array': {
      const least = schema.minItems ?? 0;
      const count = schema.items ? Math.min(Math.max(least, Math.floor(next() * 3)), schema.maxItems ?? 3) : least;
      return Array.from({ length: count }, () => randomValue(schema.items ?? { type: 'string' }, next, depth + 1));
    }
    case 'integer':
    case 'number': {
      const least = schema.minimum ?? Math.min(1, schema.maximum ?? 1);
      return Math.ceil(least) + Math.floor(next() * Math.min(50, (schema.maximum ?? least + 50) - Math.ceil(least)));
    }
    case 'boolean':
      return next() < 0.5;
    default:
      return randomText(schema, next);
  }
}

/** What fits both, as far as it is said plainly. */
function merged(a: Json, b: Json): Json {
  return {
    ...a,
    ...b,
    properties: { ...a.properties, ...b.properties },
    required: [...(a.required ?? []), ...(b.required ?? [])],
  };
}

const own = ({ allOf: _, anyOf: __, oneOf: ___, ...rest }: Json) => rest;

const formats: Record<string, string> = {
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  uuid: '0b0e3e0a-6d1c-4f5e-9a51-0123456789ab',
};
/** Texts that fit the patterns which documents have; a pattern that none of them fits gets the first. */
const texts = [
  '2026-01-31T12:00:00Z',
  '2026-01-31T12:00:00.000Z',
  'deadbeef',
  'abc',
  'a1b2c3',
  '42',
  '2026-01-31',
  'a/b',
  'A',
  'AB-12',
  '0123456789abcdef0123456789abcdef01234567',
  '#ff0000',
  'ff0000',
  '*/*',
];

function randomText(schema: Json, next: () => number): string {
  if (schema.format && formats[schema.format]) return formats[schema.format] ?? '';
  const form = schema.pattern === undefined ? undefined : new RegExp(schema.pattern);
  const fitting = texts.filter((text) => !form || form.test(text));
  const text = fitting[Math.floor(next() * fitting.length)] ?? texts[0] ?? '';
  const least = schema.minLength ?? 1;
  return text.padEnd(least, text.slice(-1)).slice(0, schema.maxLength ?? 200);
}
