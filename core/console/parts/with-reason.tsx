import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../language/use-text.tsx';
import { Confirm } from './confirm.tsx';

/** A button that asks for the reason of what it does. */
export function WithReason({
  label,
  title,
  text,
  color = 'red',
  busy,
  error,
  onConfirm,
}: {
  label: string;
  title: string;
  text?: string;
  color?: string;
  busy: boolean;
  error: Error | null;
  onConfirm(reason: string): Promise<unknown>;
}) {
  const { t } = useText();
  const [reason, setReason] = useState('');
  return (
    <Confirm
      label={label}
      title={title}
      text={text ?? ''}
      color={color}
      size="xs"
      busy={busy}
      disabled={reason.trim().length < 3}
      error={error}
      onConfirm={() => onConfirm(reason.trim())}
    >
      <Textarea
        data-autofocus
        required
        label={t('reviewers.reason')}
        description={t('reviewers.reason_hint')}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Confirm>
  );
}
