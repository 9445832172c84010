type Schema = Record<string, unknown>;

const parts = new WeakMap<object, object>();

/**
 * The schema that one level of two is held to: whatever a whole configuration may say passes also when some of its
 * top-level names are left to the other level. So nothing is required at the top, and of several forms (`oneOf`) more
 * than one may fit. The same object each time.
 */
export function partialSchema(schema: object): object {
  const known = parts.get(schema);
  if (known) return known;
  const made = partOf(schema as Schema, schema as Schema);
  parts.set(schema, made);
  return made;
}

function partOf(root: Schema, schema: unknown): Schema {
  if (typeof schema !== 'object' || schema === null) return schema === false ? { type: [] } : {};
  const { required: _, enum: __, const: ___, $ref, allOf, anyOf, oneOf, ...rest } = schema as Schema;
  const forms = (some: unknown) => (some as unknown[]).map((form) => partOf(root, form));
  const all = [
    ...(Array.isArray(allOf) ? forms(allOf) : []),
    ...[anyOf, oneOf].filter(Array.isArray).map((some) => ({ anyOf: forms(some) })),
    ...(typeof $ref === 'string' ? [partOf(root, definition(root, $ref))] : []),
  ];
  return { ...rest, ...(all.length > 0 && { allOf: all }) };
}

/** A definition by its reference (`#/$defs/name`). References do not go round: intake refuses that. */
function definition(root: Schema, reference: string): unknown {
  const name = reference.slice('#/$defs/'.length).replaceAll('~1', '/').replaceAll('~0', '~');
  return (root.$defs as Schema | undefined)?.[name];
}
