import {
  JsonInput,
  MultiSelect,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useText } from '../language/use-text.tsx';
import { type JsonSchema, kindOf } from './json-schema.ts';

export interface FieldProps {
  name: string;
  schema: JsonSchema;
  required: boolean;
  value: unknown;
  error?: string | undefined;
  onChange(value: unknown): void;
}

/** One input, chosen by its schema. */
export function SchemaField({ name, schema, required, value, error, onChange }: FieldProps) {
  const { t, own } = useText();
  const shared = {
    name,
    label: own(schema.title) || name,
    description: own(schema.description) || undefined,
    error: error ?? null,
    required,
    withAsterisk: required,
  };
  const text = value === undefined || value === null ? '' : String(value);
  switch (kindOf(schema)) {
    case 'flag':
      return (
        <Switch
          {...shared}
          required={false}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice': {
      const options = (schema.enum ?? []).map(String);
      return (
        <Select
          {...shared}
          data={options}
          value={text || null}
          clearable={!required}
          onChange={(chosen) => onChange((schema.enum ?? []).find((one) => String(one) === chosen))}
        />
      );
    }
    case 'choices':
      return (
        <MultiSelect
          {...shared}
          data={(schema.items?.enum ?? []).map(String)}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
        />
      );
    case 'texts':
      return (
        <TagsInput
          {...shared}
          placeholder={t('form.texts')}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...shared}
          value={typeof value === 'number' ? value : ''}
          min={schema.minimum}
          max={schema.maximum}
          allowDecimal={schema.type !== 'integer'}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
        />
      );
    case 'secret':
      return (
        <PasswordInput
          {...shared}
          value={text}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'long':
      return (
        <Textarea
          {...shared}
          autosize
          minRows={3}
          maxRows={12}
          value={text}
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      );
    case 'json':
      return <JsonField shared={shared} value={value} onChange={onChange} />;
    default:
      return (
        <TextInput
          {...shared}
          placeholder={schema.examples?.length ? String(schema.examples[0]) : undefined}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

/** What is no JSON yet stays in the input; only whole JSON leaves it. */
function JsonField({
  shared,
  value,
  onChange,
}: {
  shared: { name: string; label: string; error: string | null };
  value: unknown;
  onChange(value: unknown): void;
}) {
  const { t } = useText();
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2));
  return (
    <JsonInput
      {...shared}
      autosize
      minRows={3}
      maxRows={16}
      formatOnBlur
      validationError={t('form.bad_json')}
      value={text}
      onChange={(next) => {
        setText(next);
        if (next.trim() === '') onChange(undefined);
        else
          try {
            onChange(JSON.parse(next));
          } catch {
            // The input itself says that this is no JSON; the last whole value stays.
          }
      }}
    />
  );
}
