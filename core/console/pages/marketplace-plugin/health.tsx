import { Stack, Text, Title } from '@mantine/core';
import type { MeasuredHealth } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';

/** How a plugin behaved on this host; nothing is said without calls. */
export function Health({ health }: { health: MeasuredHealth | null | undefined }) {
  const { t, number, percent } = useText();
  return (
    <Stack gap={4}>
      <Title order={2} size="h5">
        {t('plugin.health')}
      </Title>
      {health ? (
        <Text size="sm">
          {t('plugin.health_words', {
            calls: number(health.calls),
            share: percent(health.crash_free),
            p95: number(Math.round(health.p95_ms)),
          })}
        </Text>
      ) : (
        <Text size="sm" c="dimmed">
          {t('plugin.health_none')}
        </Text>
      )}
    </Stack>
  );
}
