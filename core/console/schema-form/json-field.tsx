import { JsonInput } from '@mantine/core';
import type { FieldProps } from '@rjsf/utils';
import { useState } from 'react';
import { useText } from '../language/use-text.tsx';

/** A value that fits no input, written as JSON. What is no JSON yet stays in the input; only whole JSON leaves it. */
export function JsonField({ name, schema, required, formData, fieldPathId, errorSchema, onChange }: FieldProps) {
  const { t } = useText();
  const told = formData === undefined ? '' : JSON.stringify(formData);
  const pretty = formData === undefined ? '' : JSON.stringify(formData, null, 2);
  const [{ text, value }, setWritten] = useState({ text: pretty, value: told });
  // Something else than what was written here came in, e.g. what was saved.
  if (told !== value) setWritten({ text: pretty, value: told });
  const errors = errorSchema?.__errors;
  return (
    <JsonInput
      name={name}
      label={schema.title || name}
      description={schema.description}
      error={errors?.length ? errors.join(' ') : null}
      withAsterisk={required ?? false}
      autosize
      minRows={3}
      maxRows={16}
      validationError={t('form.bad_json')}
      value={text}
      onChange={(next) => {
        const meant = parsed(next);
        if (!meant) return setWritten({ text: next, value });
        setWritten({ text: next, value: meant.value === undefined ? '' : JSON.stringify(meant.value) });
        onChange(meant.value, fieldPathId.path);
      }}
    />
  );
}

/** What a text means: nothing where it is empty; null while it is no JSON, which the input itself says. */
function parsed(text: string): { value: unknown } | null {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}
