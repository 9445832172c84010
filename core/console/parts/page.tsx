import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { takesKeyboard } from '../navigation/navigate.ts';

/** Where what had the keyboard is gone, it goes on at the page's head. */
export function keyboardToHead(): void {
  setTimeout(() => {
    if (document.activeElement === document.body)
      document.querySelector<HTMLElement>('.page-head')?.focus({ preventScroll: true });
  });
}

/** The head of every page: its title (the window's too), what it is for, what can be done. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const head = useRef<HTMLHeadingElement>(null);
  // What was pressed to come here is gone: the keyboard goes on at the page's head, which a screen reader reads out.
  useEffect(() => {
    if (takesKeyboard()) head.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = `${title} · Patchbay`;
  }, [title]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box flex={1} miw={240}>
          <Title ref={head} order={1} size="h2" tabIndex={-1} className="page-head">
            {title}
          </Title>
          {lead && (
            <Text c="dimmed" component="div">
              {lead}
            </Text>
          )}
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
