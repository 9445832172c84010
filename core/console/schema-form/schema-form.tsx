import { Button, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../language/use-text.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { filledValues, firstValues, type JsonSchema } from './json-schema.ts';
import { SchemaField } from './schema-field.tsx';

/**
 * A form made of a JSON Schema. The server is the judge: the errors of its 422 land at their fields, found by pointer.
 *
 * @param at pointer of the form's object inside the body that is sent, e.g. `/configuration`
 */
export function SchemaForm({
  schema,
  known,
  at,
  submit,
  busy,
  error,
  onSubmit,
  children,
}: {
  schema: JsonSchema;
  known?: Record<string, unknown>;
  at: string;
  submit: string;
  busy: boolean;
  error: Error | null;
  onSubmit(values: Record<string, unknown>): void;
  children?: ReactNode;
}) {
  const { t } = useText();
  const [values, setValues] = useState(() => firstValues(schema, known));
  const fields = Object.entries(schema.properties ?? {});
  const refused = error instanceof ApiError ? error.fields : [];
  const errorOf = (name: string): string | undefined => {
    const own = refused.filter(({ pointer }) =>
      [`${at}/${name}`, `/${name}`].some((place) => pointer === place || pointer.startsWith(`${place}/`)),
    );
    return own.length > 0 ? own.map((one) => one.message).join(' ') : undefined;
  };
  const elsewhere = error && !fields.some(([name]) => errorOf(name));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(filledValues(values));
      }}
    >
      <Stack gap="md">
        {fields.length === 0 && <Text c="dimmed">{t('form.nothing')}</Text>}
        {fields.map(([name, field]) => (
          <SchemaField
            key={name}
            name={name}
            schema={field}
            required={schema.required?.includes(name) ?? false}
            value={values[name]}
            error={errorOf(name)}
            onChange={(value) => setValues((before) => ({ ...before, [name]: value }))}
          />
        ))}
        {elsewhere && <ErrorPanel error={error} />}
        <Group>
          <Button type="submit" loading={busy}>
            {submit}
          </Button>
          {children}
        </Group>
      </Stack>
    </form>
  );
}
