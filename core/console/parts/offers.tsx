import { Badge, Group, Stack, Text, Title } from '@mantine/core';
import type { Manifest } from '../api/types.ts';
import type { TextName } from '../language/en.ts';
import { type Localized, useText } from '../language/use-text.tsx';

/** What a plugin offers: its actions, streams, triggers and events. */
export function Offers({ manifest }: { manifest: Manifest }) {
  const { t, own } = useText();
  const groups: [TextName, Record<string, { title?: Localized; description?: Localized }> | undefined][] = [
    ['offers.actions', manifest.actions],
    ['offers.streams', manifest.streams],
    ['offers.triggers', manifest.triggers],
    ['offers.events', manifest.events],
  ];
  const there = groups.filter(([, entries]) => entries && Object.keys(entries).length > 0);
  if (there.length === 0) return <Text c="dimmed">{t('offers.nothing')}</Text>;
  return (
    <Stack gap="lg">
      {there.map(([title, entries]) => (
        <Stack gap="xs" key={title}>
          <Title order={2} size="h5">
            {t(title)}
          </Title>
          {Object.entries(entries ?? {}).map(([name, entry]) => (
            <Group key={name} gap="xs" align="baseline">
              <Badge variant="outline" color="gray">
                {name}
              </Badge>
              <Text size="sm">{own(entry.title)}</Text>
              {entry.description && (
                <Text size="sm" c="dimmed">
                  {own(entry.description)}
                </Text>
              )}
            </Group>
          ))}
        </Stack>
      ))}
    </Stack>
  );
}
