/** Which fields each kind must have and which it may have, beside those that every kind has. */
export type Kinds = Record<string, { needs?: readonly string[]; takes?: readonly string[] }>;

/**
 * Schema of an object whose field `tag` decides what else belongs into it. An `if`/`then` per kind says exactly which
 * field is missing or out of place, where a plain `oneOf` would only say "fits none".
 *
 * @param properties every field of every kind
 * @param shared fields that each kind may have
 */
export function byKind(tag: string, properties: Record<string, object>, kinds: Kinds, shared: readonly string[] = []) {
  const all = Object.keys(properties);
  return {
    type: 'object',
    additionalProperties: false,
    properties: { [tag]: { enum: Object.keys(kinds) }, ...properties },
    allOf: Object.entries(kinds).map(([kind, { needs = [], takes = [] }]) => {
      const foreign = all.filter((name) => ![...needs, ...takes, ...shared].includes(name));
      return {
        if: { required: [tag], properties: { [tag]: { const: kind } } },
        // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's word
        then: {
          ...(needs.length > 0 ? { required: [...needs] } : {}),
          ...(foreign.length > 0 ? { properties: Object.fromEntries(foreign.map((name) => [name, false])) } : {}),
        },
      };
    }),
  };
}
