import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import type { TextName } from '../language/en.ts';
import type { Localized } from '../language/use-text.tsx';
import { type JsonSchema, type Kind, kindOf } from './json-schema.ts';
import { eachPart, unfold } from './schema-parts.ts';

const widgets: Partial<Record<Kind, string>> = {
  secret: 'secret',
  choice: 'choice',
  flag: 'flag',
  number: 'number',
  long: 'long',
  texts: 'texts',
  choices: 'choices',
  text: 'text',
  fixed: 'hidden',
};
/** What a variant without a title is called. */
const kinds: Record<string, TextName> = {
  array: 'form.kind_list',
  boolean: 'form.kind_flag',
  integer: 'form.kind_number',
  null: 'form.kind_null',
  number: 'form.kind_number',
  string: 'form.kind_text',
};

interface Words {
  /** the reader's language of an author's text */
  own(text: Localized | undefined): string;
  t(name: TextName): string;
}

/**
 * A plugin's schema as the form library takes it: texts in the reader's language, without formats (the host judges them),
 * references followed, and for each place the input that shows it. A choice between forms that is optional has a form
 * more: none of them.
 */
export function formSchema(schema: JsonSchema, words: Words) {
  const shown = plain(offered(unfold(schema), words), words);
  return { schema: shown.schema as RJSFSchema, uiSchema: shown.uiSchema };
}

/** Without it, who leaves an optional choice alone would send the first form, and have to fill in what that requires. */
function offered(schema: JsonSchema, words: Words): JsonSchema {
  return eachPart(schema, (part, { isOptional }) => {
    const below = offered(part, words);
    if (!isOptional) return below;
    const withNone = (forms: JsonSchema[]) => [{ type: 'null', title: words.t('form.none') }, ...forms];
    const isOpen = (forms: JsonSchema[] | undefined): forms is JsonSchema[] =>
      !!forms && forms.some((one) => one.const === undefined) && !forms.some(({ type }) => type === 'null');
    return {
      ...below,
      ...(isOpen(below.oneOf) && { oneOf: withNone(below.oneOf) }),
      ...(isOpen(below.anyOf) && { anyOf: withNone(below.anyOf) }),
    };
  });
}

function plain(schema: JsonSchema, words: Words): { schema: object; uiSchema: UiSchema } {
  const texts = (part: JsonSchema): JsonSchema => {
    const {
      title,
      description,
      format: _format,
      ui: _ui,
      ...rest
    } = eachPart(part, (below, { isVariant }) => {
      const name = isVariant && below.title === undefined ? kinds[String(below.type)] : undefined;
      return texts(name ? { ...below, title: words.t(name) } : below);
    });
    return {
      ...rest,
      ...(title === undefined ? {} : { title: words.own(title) }),
      ...(description === undefined ? {} : { description: words.own(description) }),
    };
  };
  return { schema: texts(schema), uiSchema: uiOf(schema, 0) };
}

/**
 * @param depth 0 for the form itself. Below its own fields nothing is required by the browser: an object that may be left
 *   out whole is no longer required to be filled in part; the host tells.
 */
function uiOf(schema: JsonSchema, depth: number): UiSchema {
  const kind = kindOf(schema);
  if (kind === 'json') return { 'ui:field': 'json' };
  const widget = widgets[kind];
  const nested = depth > 1 && { 'ui:nested': true };
  if (widget) return { 'ui:widget': widget, ...nested };
  const below = (one: JsonSchema) => uiOf(one, depth + 1);
  return {
    ...Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, below(one)])),
    ...(schema.items && { items: below(schema.items) }),
    ...(typeof schema.additionalProperties === 'object' && {
      additionalProperties: below(schema.additionalProperties),
    }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(below) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(below) }),
  };
}
