import type { TextName } from '../../language/en.ts';
import type { JsonSchema } from '../../schema-form/json-schema.ts';
import { projectSchema } from '../plugin/settings/project-schema.ts';

type Fields = Record<string, JsonSchema & { optional?: boolean }>;

type Say = (name: TextName) => string;

/** Fields that most vendors have under one name; an author need not give them a title. */
const usual: Record<string, TextName> = {
  access_token: 'credential.access_token',
  api_key: 'credential.api_key',
  api_secret: 'credential.api_secret',
  client_id: 'credential.client_id',
  client_secret: 'credential.client_secret',
  email: 'credential.email',
  password: 'credential.password',
  private_key: 'credential.private_key',
  token: 'credential.token',
  username: 'credential.username',
};

/**
 * The fields of a way of signing in as a schema.
 *
 * @param t the reader's words, for fields without a title
 */
export function fieldsSchema(fields: Fields | undefined, t: Say): JsonSchema {
  const all = Object.entries(fields ?? {});
  return {
    type: 'object',
    properties: Object.fromEntries(
      all.map(([name, { optional: _optional, ...field }]) => [
        name,
        { ...(Object.hasOwn(usual, name) && { title: t(usual[name] as TextName) }), ...field },
      ]),
    ),
    required: all.filter(([, field]) => !field.optional && field.default === undefined).map(([name]) => name),
  };
}

/**
 * One form for what an account needs: how to sign in, and the settings that hold for it alone. They lie over the
 * plugin's, so nothing of them is required.
 */
export function accountSchema(fields: Fields | undefined, configuration: JsonSchema, t: Say): JsonSchema {
  const hasSettings = Object.keys(configuration.properties ?? {}).length > 0;
  return {
    type: 'object',
    properties: {
      ...(fields && Object.keys(fields).length > 0 && { auth_config: { ...fieldsSchema(fields, t), title: '' } }),
      ...(hasSettings && {
        configuration: { ...projectSchema(configuration, {}), title: t('integrations.own_settings') },
      }),
    },
  };
}
