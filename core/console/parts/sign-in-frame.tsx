import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Preferences } from './frame.tsx';

/** What surrounds the pages of who is not signed in yet. */
export function SignInFrame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Patchbay`;
  }, [title]);
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack w="100%" maw={420}>
        <Group justify="space-between">
          <Group gap={8}>
            <img src="/patchbay.svg" width={28} height={28} alt="" />
            <Text fw={700}>Patchbay</Text>
          </Group>
          <Preferences />
        </Group>
        <Paper withBorder p="lg">
          <Stack>
            <div>
              <Title order={1} size="h3">
                {title}
              </Title>
              <Text c="dimmed" size="sm">
                {lead}
              </Text>
            </div>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}
