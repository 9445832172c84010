import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import type { Localized } from '../language/use-text.tsx';
import { type JsonSchema, type Kind, kindOf } from './json-schema.ts';

const widgets: Partial<Record<Kind, string>> = {
  secret: 'secret',
  choice: 'choice',
  flag: 'flag',
  number: 'number',
  long: 'long',
  texts: 'texts',
  choices: 'choices',
  text: 'text',
};

/**
 * A plugin's schema as the form library takes it: texts in the reader's language, without formats (the host judges them),
 * and for each place the input that shows it.
 *
 * @param own the reader's language of an author's text
 */
export function formSchema(schema: JsonSchema, own: (text: Localized | undefined) => string) {
  return { schema: plain(schema, own) as RJSFSchema, uiSchema: uiOf(schema) };
}

function plain(schema: JsonSchema, own: (text: Localized | undefined) => string): object {
  const { title, description, format: _format, ui: _ui, ...rest } = schema;
  const each = (many: Record<string, JsonSchema>) =>
    Object.fromEntries(Object.entries(many).map(([name, one]) => [name, plain(one, own)]));
  const all = (many: JsonSchema[]) => many.map((one) => plain(one, own));
  return {
    ...rest,
    ...(title === undefined ? {} : { title: own(title) }),
    ...(description === undefined ? {} : { description: own(description) }),
    ...(schema.properties && { properties: each(schema.properties) }),
    ...(schema.$defs && { $defs: each(schema.$defs) }),
    ...(schema.items && { items: plain(schema.items, own) }),
    ...(schema.anyOf && { anyOf: all(schema.anyOf) }),
    ...(schema.oneOf && { oneOf: all(schema.oneOf) }),
    ...(schema.allOf && { allOf: all(schema.allOf) }),
    ...(typeof schema.additionalProperties === 'object' && {
      additionalProperties: plain(schema.additionalProperties, own),
    }),
  };
}

function uiOf(schema: JsonSchema): UiSchema {
  const kind = kindOf(schema);
  if (kind === 'json') return { 'ui:field': 'json' };
  const widget = widgets[kind];
  if (widget) return { 'ui:widget': widget };
  const branch = (many: JsonSchema[] | undefined) => many?.map(uiOf);
  return {
    ...Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, uiOf(one)])),
    ...(schema.items && { items: uiOf(schema.items) }),
    ...(typeof schema.additionalProperties === 'object' && { additionalProperties: uiOf(schema.additionalProperties) }),
    ...(schema.anyOf && { anyOf: branch(schema.anyOf) }),
    ...(schema.oneOf && { oneOf: branch(schema.oneOf) }),
  };
}
