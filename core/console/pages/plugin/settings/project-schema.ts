import type { JsonSchema } from '../../../schema-form/json-schema.ts';

/**
 * The schema of a project's own form: nothing is required and nothing filled in, since what the project leaves open is
 * the workspace's. What it would be shows as the example in the input.
 */
export function projectSchema(schema: JsonSchema, inherited: Record<string, unknown>): JsonSchema {
  const { required: _required, ...rest } = schema;
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, field]) => {
        const { default: _default, ...open } = field;
        const value = inherited[name];
        return [name, typeof value === 'string' ? { ...open, examples: [value] } : open];
      }),
    ),
  };
}
