import { JsonInput } from '@mantine/core';
import type { FieldProps } from '@rjsf/utils';
import { useState } from 'react';
import { useText } from '../language/use-text.tsx';

/** A value that fits no input, written as JSON. What is no JSON yet stays in the input; only whole JSON leaves it. */
export function JsonField({ name, schema, required, formData, fieldPathId, errorSchema, onChange }: FieldProps) {
  const { t } = useText();
  const [text, setText] = useState(formData === undefined ? '' : JSON.stringify(formData, null, 2));
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
        setText(next);
        if (next.trim() === '') onChange(undefined, fieldPathId.path);
        else
          try {
            onChange(JSON.parse(next), fieldPathId.path);
          } catch {
            // The input itself says that this is no JSON; the last whole value stays.
          }
      }}
    />
  );
}
