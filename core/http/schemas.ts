/** Schemas that routes share. */
export const text = { type: 'string', minLength: 1, maxLength: 200 } as const;
export const longText = { type: 'string', maxLength: 10_000 } as const;
export const id = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' } as const;
export const nullableId = { type: ['string', 'null'] } as const;
export const time = { type: 'string', format: 'date-time', description: 'ISO 8601, UTC' } as const;
export const nullableTime = { type: ['string', 'null'], format: 'date-time', description: 'ISO 8601, UTC' } as const;
/** An object whose members another schema decides (a plugin's manifest, settings, an event's data). */
export const anyObject = { type: 'object', additionalProperties: true } as const;
/** Any JSON value whose shape another schema decides (an action's input or output). */
export const anyValue = { type: ['object', 'array', 'string', 'number', 'boolean', 'null'] } as const;
/** Most bytes of a sideloaded module. */
export const bundleBytes = 10_000_000;
/** The answer of an operation that has nothing to tell but that it is done. */
export const done = { type: 'object', additionalProperties: false, properties: {} } as const;
