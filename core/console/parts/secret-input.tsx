import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useText } from '../language/use-text.tsx';

/** An input whose text is hidden; a button beside it shows what one types, by keyboard too. */
export function SecretInput({ label, ...rest }: PasswordInputProps & { label: string }) {
  const { t } = useText();
  return (
    <PasswordInput
      label={label}
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ 'aria-label': t('form.secret_show', { name: label }) }}
      {...rest}
    />
  );
}
