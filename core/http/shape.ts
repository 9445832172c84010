/**
 * The TypeScript type of the JSON Schemas that routes use. `json-schema-to-ts` takes any schema and makes the checker
 * spend minutes on a few hundred routes; routes keep to the keywords below, and this maps just those.
 */
export type Shape<S> = S extends { const: infer Value }
  ? Value
  : S extends { enum: readonly (infer Value)[] }
    ? Value
    : S extends { anyOf: readonly (infer Part)[] } | { oneOf: readonly (infer Part)[] }
      ? Part extends unknown
        ? Shape<Part>
        : never
      : S extends { type: infer Type }
        ? Type extends readonly (infer One)[]
          ? OfType<S, One>
          : OfType<S, Type>
        : S extends { properties: unknown }
          ? OfType<S, 'object'>
          : unknown;

type OfType<S, Type> = Type extends 'string'
  ? string
  : Type extends 'integer' | 'number'
    ? number
    : Type extends 'boolean'
      ? boolean
      : Type extends 'null'
        ? null
        : Type extends 'array'
          ? S extends { items: infer Item }
            ? Shape<Item>[]
            : unknown[]
          : Type extends 'object'
            ? ObjectOf<S>
            : unknown;

type ObjectOf<S> = S extends { properties: infer P }
  ? { [K in keyof P as K extends Present<S, P> ? K : never]: Shape<P[K]> } & {
      [K in keyof P as K extends Present<S, P> ? never : K]?: Shape<P[K]>;
    } & (S extends { additionalProperties: true } ? Record<string, unknown> : unknown)
  : Record<
      string,
      S extends { additionalProperties: infer Rest } ? (Rest extends boolean ? unknown : Shape<Rest>) : unknown
    >;

/** The names that are always there: required ones, and those whose schema has a default. */
type Present<S, P> =
  | (S extends { required: readonly (infer Name)[] } ? Name : never)
  | { [K in keyof P]: P[K] extends { default: unknown } ? K : never }[keyof P];
