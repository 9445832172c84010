import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useText } from '../language/use-text.tsx';
import { ErrorPanel } from './error-panel.tsx';

/** A button that asks before it does what cannot be undone. */
export function Confirm({
  label,
  title,
  text,
  busy,
  error,
  onConfirm,
  children,
}: {
  label: string;
  title: string;
  text: string;
  busy: boolean;
  error: Error | null;
  onConfirm(): void;
  children?: ReactNode;
}) {
  const { t } = useText();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button color="red" variant="light" onClick={open}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': t('form.close') }}>
        <Stack>
          <Text>{text}</Text>
          {children}
          {error && <ErrorPanel error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('form.cancel')}
            </Button>
            <Button color="red" loading={busy} onClick={onConfirm}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
