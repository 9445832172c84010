import { List, Text } from '@mantine/core';
import { type ThemeProps, withTheme } from '@rjsf/core';
import { generateTemplates } from '@rjsf/mantine/lib/templates/index.js';
import type { DescriptionFieldProps, FieldErrorProps, TitleFieldProps } from '@rjsf/utils';
import { ChoiceField } from './choice-field.tsx';
import { JsonField } from './json-field.tsx';
import { widgets } from './widgets.tsx';

function Heading({ id, title }: TitleFieldProps) {
  return title ? (
    <Text id={id} fw={600}>
      {title}
    </Text>
  ) : null;
}

/** An author's words are text, never markup. */
function Description({ id, description }: DescriptionFieldProps) {
  return description ? (
    <Text id={id} size="sm" c="dimmed">
      {description}
    </Text>
  ) : null;
}

/** Inputs show their own errors; objects, lists and choices of forms have no input that could. */
function Errors({ errors, schema }: FieldErrorProps) {
  const hasInput = !['object', 'array'].includes(String(schema.type)) && !schema.oneOf && !schema.anyOf;
  if (!errors?.length || hasInput) return null;
  return (
    <List size="sm" c="red" role="alert" listStyleType="none">
      {errors.map((error) => (
        <List.Item key={String(error)}>{error}</List.Item>
      ))}
    </List>
  );
}

const theme: ThemeProps = {
  fields: { json: JsonField, OneOfField: ChoiceField, AnyOfField: ChoiceField },
  widgets,
  templates: {
    ...generateTemplates(),
    TitleFieldTemplate: Heading,
    DescriptionFieldTemplate: Description,
    FieldErrorTemplate: Errors,
    ErrorListTemplate: () => null,
  },
};

/** The form library with the console's inputs. */
export const ThemedForm = withTheme(theme);
