import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useText } from '../language/use-text.tsx';
import { ErrorPanel } from './error-panel.tsx';
import { keyboardToHead } from './page.tsx';

/**
 * A button that asks before it does what cannot be undone.
 *
 * @param onConfirm does it; when it gives a promise, the question goes away with its success
 */
export function Confirm({
  label,
  name,
  title,
  text,
  color = 'red',
  size = 'sm',
  busy,
  disabled = false,
  error,
  onConfirm,
  children,
}: {
  label: string;
  /** says what it is about where several such buttons are shown */
  name?: string;
  title: string;
  text: string;
  color?: string;
  size?: NonNullable<ButtonProps['size']>;
  busy: boolean;
  disabled?: boolean;
  error: Error | null;
  onConfirm(): unknown;
  children?: ReactNode;
}) {
  const { t } = useText();
  const [opened, { open, close }] = useDisclosure();
  // What failed before the question was closed says nothing of the next try.
  const [isTried, setTried] = useState(false);
  const ask = () => {
    setTried(false);
    open();
  };
  const button = useRef<HTMLButtonElement>(null);
  // What was done may have taken this button away with its question. (A button that waits is disabled, and has lost the
  // keyboard already.)
  useLayoutEffect(() => {
    const asks = button.current;
    return () => {
      const has = document.activeElement;
      if (has === asks || has === document.body || has?.closest('[role=dialog]')) keyboardToHead();
    };
  }, []);
  const confirm = () => {
    setTried(true);
    const doing = onConfirm();
    // A failure stays in the question, where `error` shows it.
    if (doing instanceof Promise) doing.then(close, () => {});
  };
  return (
    <>
      <Button ref={button} color={color} variant="light" size={size} aria-label={name} onClick={ask}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': t('form.close') }}>
        <Stack>
          {text && <Text>{text}</Text>}
          {children}
          {isTried && error && <ErrorPanel error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('form.cancel')}
            </Button>
            <Button color={color} loading={busy} disabled={disabled} onClick={confirm}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
