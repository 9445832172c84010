import { Button, Group, Stack, Text } from '@mantine/core';
import { englishStringTranslator, TranslatableString } from '@rjsf/utils';
import { type ReactNode, useMemo, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import type { TextName } from '../language/en.ts';
import { useText } from '../language/use-text.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { formSchema } from './form-schema.ts';
import { filledValues, type JsonSchema } from './json-schema.ts';
import { serverErrors } from './server-errors.ts';
import { ThemedForm } from './theme.tsx';
import { validator } from './validator.ts';

type Values = Record<string, unknown>;

/** The words that the form library itself shows. */
const words: Partial<Record<TranslatableString, TextName>> = {
  [TranslatableString.ArrayItemTitle]: 'form.item',
  [TranslatableString.EmptyArray]: 'form.no_items',
  [TranslatableString.AddButton]: 'form.add',
  [TranslatableString.AddItemButton]: 'form.add',
  [TranslatableString.CopyButton]: 'form.copy_item',
  [TranslatableString.MoveDownButton]: 'form.down',
  [TranslatableString.MoveUpButton]: 'form.up',
  [TranslatableString.RemoveButton]: 'form.remove',
  [TranslatableString.NewStringDefault]: 'form.new_value',
  [TranslatableString.OptionPrefix]: 'form.option',
  [TranslatableString.KeyLabel]: 'form.key',
};

/**
 * A form made of a JSON Schema. The server is the judge: the errors of its 422 land at their fields, found by pointer.
 *
 * @param id of the form, for inputs outside it that belong to it
 * @param saved what the host answered when it was saved last: it is shown from then on, its secrets unread
 * @param at pointer of the form's object inside the body that is sent, e.g. `/configuration`
 */
export function SchemaForm({
  id,
  schema: given,
  known,
  saved,
  at,
  submit,
  busy,
  error,
  onSubmit,
  children,
}: {
  id?: string;
  schema: JsonSchema;
  known?: Values;
  saved?: Values | undefined;
  at: string;
  submit: string;
  busy: boolean;
  error: Error | null;
  onSubmit(values: Values): void;
  children?: ReactNode;
}) {
  const { t, own, say } = useText();
  const [values, setValues] = useState<Values>(known ?? {});
  const [shown, setShown] = useState(saved);
  if (saved !== shown) {
    setShown(saved);
    if (saved) setValues(saved);
  }
  // The same schema made anew is still the same: the form library takes another object for another form.
  const schemaText = JSON.stringify(given);
  const schema = useMemo(() => JSON.parse(schemaText) as JsonSchema, [schemaText]);
  const form = useMemo(() => formSchema(schema, { own, t }), [schema, own, t]);
  const { errorSchema, elsewhere } = useMemo(
    () =>
      serverErrors(
        (error instanceof ApiError ? error.fields : []).map((one) => ({ ...one, message: say(one.message) })),
        schema,
        at,
      ),
    [error, schema, at, say],
  );
  const isShownAtFields = Object.keys(errorSchema).length > 0 && elsewhere.length === 0;
  return (
    <ThemedForm
      {...(id !== undefined && { id })}
      schema={form.schema}
      uiSchema={form.uiSchema}
      validator={validator}
      formData={values}
      extraErrors={errorSchema}
      noValidate
      showErrorList={false}
      experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipEmptyDefaults' }}
      translateString={(name, params) => {
        // The title of a choice stands above it already; its variants need no more than a number.
        if (name === TranslatableString.TitleOptionPrefix) return t('form.option', { what: params?.[1] ?? '' });
        const word = words[name];
        return word ? t(word, { what: params?.[0] ?? '' }) : englishStringTranslator(name, params);
      }}
      onChange={({ formData }) => setValues((formData ?? {}) as Values)}
      onSubmit={({ formData }) => onSubmit(filledValues((formData ?? {}) as Values))}
    >
      <Stack gap="md">
        {Object.keys(schema.properties ?? {}).length === 0 && <Text c="dimmed">{t('form.nothing')}</Text>}
        {error && !isShownAtFields && <ErrorPanel error={error} />}
        <Group>
          <Button type="submit" loading={busy}>
            {submit}
          </Button>
          {children}
        </Group>
      </Stack>
    </ThemedForm>
  );
}
