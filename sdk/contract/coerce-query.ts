interface FieldSchema {
  type?: string | readonly string[];
  items?: FieldSchema;
}

/**
 * Query strings are text; this turns each value into what its field's schema asks for, where that is possible without
 * guessing. What cannot be turned stays text, and the check then says what was expected.
 */
export function coerceQuery(schema: object, value: unknown): unknown {
  const properties: Record<string, FieldSchema> = 'properties' in schema ? Object(schema.properties) : {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, given]) => [
      name,
      Object.hasOwn(properties, name) ? coerce(properties[name] ?? {}, given) : given,
    ]),
  );
}

function coerce(schema: FieldSchema, given: unknown): unknown {
  const types = [schema.type ?? []].flat();
  if (types.includes('array')) {
    return (Array.isArray(given) ? given : [given]).map((item) => coerce(schema.items ?? {}, item));
  }
  if (typeof given !== 'string' || types.includes('string')) return given;
  if ((types.includes('integer') || types.includes('number')) && /^-?\d{1,15}(\.\d{1,15})?$/.test(given)) {
    return Number(given);
  }
  if (types.includes('boolean') && (given === 'true' || given === 'false')) return given === 'true';
  return given;
}
