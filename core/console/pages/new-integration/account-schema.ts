import type { JsonSchema } from '../../schema-form/json-schema.ts';
import { projectSchema } from '../plugin/settings/project-schema.ts';

type Fields = Record<string, JsonSchema & { optional?: boolean }>;

/** The fields of a way of signing in as a schema. */
export function fieldsSchema(fields: Fields = {}): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, { optional: _optional, ...field }]) => [name, field]),
    ),
    required: Object.entries(fields)
      .filter(([, field]) => !field.optional && field.default === undefined)
      .map(([name]) => name),
  };
}

/**
 * One form for what an account needs: how to sign in, and the settings that hold for it alone. They lie over the
 * plugin's, so nothing of them is required.
 */
export function accountSchema(fields: Fields | undefined, configuration: JsonSchema, title: string): JsonSchema {
  const hasSettings = Object.keys(configuration.properties ?? {}).length > 0;
  return {
    type: 'object',
    properties: {
      ...(fields && Object.keys(fields).length > 0 && { auth_config: { ...fieldsSchema(fields), title: '' } }),
      ...(hasSettings && { configuration: { ...projectSchema(configuration, {}), title } }),
    },
  };
}
