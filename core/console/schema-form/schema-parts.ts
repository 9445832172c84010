import type { JsonSchema } from './json-schema.ts';

interface Place {
  /** may be left out of the object that it is a field of */
  isOptional: boolean;
  /** one of the forms of a choice */
  isVariant: boolean;
}

/** A schema with each schema right below it changed. */
export function eachPart(schema: JsonSchema, change: (part: JsonSchema, place: Place) => JsonSchema): JsonSchema {
  const part = (one: JsonSchema) => change(one, { isOptional: false, isVariant: false });
  const forms = (many: JsonSchema[]) => many.map((one) => change(one, { isOptional: false, isVariant: true }));
  const { properties, items, anyOf, oneOf, allOf, additionalProperties } = schema;
  const field = ([name, one]: [string, JsonSchema]) => [
    name,
    change(one, { isOptional: !schema.required?.includes(name), isVariant: false }),
  ];
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(field)) }),
    ...(items && { items: part(items) }),
    ...(anyOf && { anyOf: forms(anyOf) }),
    ...(oneOf && { oneOf: forms(oneOf) }),
    ...(allOf && { allOf: allOf.map(part) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: part(additionalProperties) }),
  };
}

/**
 * A schema with what it refers to in the place of each reference, so that an input is chosen there as anywhere else. It
 * comes to an end: the host takes no schema that refers to itself.
 */
export function unfold({ $defs = {}, ...schema }: JsonSchema): JsonSchema {
  const follow = (part: JsonSchema): JsonSchema => {
    const { $ref, ...beside } = part;
    const name = $ref?.startsWith('#/$defs/') ? $ref.slice('#/$defs/'.length) : undefined;
    const target = name === undefined ? undefined : $defs[name.replaceAll('~1', '/').replaceAll('~0', '~')];
    return target ? follow({ ...target, ...beside }) : eachPart(part, follow);
  };
  return follow(schema);
}
