import { Button, Group, Stack, Text } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { useState } from 'react';
import { useText } from '../language/use-text.tsx';
import { SecretInput } from '../parts/secret-input.tsx';
import { keptSecret } from './json-schema.ts';

/**
 * A secret is written, never read. What is kept stays kept while the input is empty; taking it away is a button of its
 * own, so that nobody loses it by looking.
 */
export function SecretWidget({
  name,
  label,
  schema,
  required,
  rawErrors,
  value,
  disabled,
  options,
  onChange,
}: WidgetProps) {
  const { t } = useText();
  const isKept = value === keptSecret;
  // Also from the moment on that it was saved.
  const [wasKept, setWasKept] = useState(isKept);
  if (isKept && !wasKept) setWasKept(true);
  return (
    <Stack gap={4}>
      <SecretInput
        name={name}
        label={label}
        description={schema.description}
        error={rawErrors?.length ? rawErrors.join(' ') : null}
        required={(required ?? false) && !isKept && options.nested !== true}
        withAsterisk={required ?? false}
        disabled={disabled ?? false}
        autoComplete="off"
        placeholder={isKept ? t('form.secret_kept') : undefined}
        value={isKept ? '' : (value ?? '')}
        onChange={(event) => {
          const text = event.currentTarget.value;
          onChange(text !== '' ? text : wasKept ? keptSecret : undefined);
        }}
      />
      {wasKept && (
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {isKept ? t('form.secret_hint') : value === undefined ? t('form.secret_removed') : t('form.secret_new')}
          </Text>
          <Button size="compact-xs" variant="subtle" onClick={() => onChange(isKept ? undefined : keptSecret)}>
            {isKept ? t('form.secret_remove', { name: label }) : t('form.secret_keep', { name: label })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
