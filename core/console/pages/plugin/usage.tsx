import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useMetrics } from '../../api/queries.ts';
import type { Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { useNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { Waiting } from '../../parts/waiting.tsx';

// The charts are fetched by who looks at them.
const Charts = lazy(() => import('../../parts/charts.tsx'));

/** How much a plugin is used and how well it does. */
export function Usage({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  const [hours, setHours] = useState(24);
  const query = useMetrics(plugin.id, hours);
  return (
    <Stack>
      <NativeSelect
        maw={220}
        label={t('measured.window')}
        value={String(hours)}
        data={[
          { value: '1', label: t('measured.hour') },
          { value: '24', label: t('measured.day') },
          { value: '168', label: t('measured.week') },
          { value: '720', label: t('measured.month') },
        ]}
        onChange={(event) => setHours(Number(event.currentTarget.value))}
      />
      <QueryView query={query}>
        {(metrics) =>
          metrics.calls === 0 ? (
            <Nothing title={t('invocations.none')} />
          ) : (
            <Stack>
              <Suspense fallback={<Waiting />}>
                <Charts metrics={metrics} />
              </Suspense>
              <Failures by_error={metrics.by_error ?? {}} />
            </Stack>
          )
        }
      </QueryView>
    </Stack>
  );
}

/** How often each kind of failure came. */
function Failures({ by_error }: { by_error: Record<string, number> }) {
  const { t, number, pair } = useText();
  const names = useNames();
  const kinds = Object.entries(by_error);
  if (kinds.length === 0) return null;
  return (
    <Group gap="md">
      <Text size="sm" fw={600}>
        {t('measured.by_error')}
      </Text>
      {kinds.map(([type, count]) => (
        <Text key={type} size="sm">
          {pair(names.failure(type), number(count))}
        </Text>
      ))}
    </Group>
  );
}
