import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRevisions } from '../../../api/queries.ts';
import { request } from '../../../api/request.ts';
import type { Plugin, Revision } from '../../../api/types.ts';
import { useText } from '../../../language/use-text.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { QueryView } from '../../../parts/query-view.tsx';
import { Value } from './compare.tsx';

/** Who changed what of these settings, the latest first; each revision can be written again. */
export function History({
  plugin,
  project_id,
  revision,
  onRestored,
}: {
  plugin: Plugin;
  project_id: string | undefined;
  revision: number;
  onRestored(): void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const [size, setSize] = useState(10);
  const query = useRevisions(plugin.id, { project_id, size });
  const restore = useMutation({
    mutationFn: (wanted: number) =>
      request('POST', `/plugins/${plugin.id}/configuration/restore`, {
        body: { revision: wanted, ...(project_id && { project_id }) },
      }),
    onSuccess: async () => {
      await client.invalidateQueries();
      onRestored();
    },
  });
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        {t('settings.history')}
      </Title>
      {restore.error && <ErrorPanel error={restore.error} />}
      <QueryView query={query}>
        {({ revisions, total }) => (
          <Stack gap="sm">
            {revisions.length === 0 && <Text c="dimmed">{t('settings.no_history')}</Text>}
            {revisions.map((one) => (
              <Paper withBorder p="sm" key={one.revision} component="article">
                <Group justify="space-between" align="flex-start">
                  <What one={one} />
                  {one.revision !== revision && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={t('settings.restore_name', { revision: one.revision })}
                      loading={restore.isPending}
                      onClick={() => restore.mutate(one.revision)}
                    >
                      {t('settings.restore')}
                    </Button>
                  )}
                </Group>
              </Paper>
            ))}
            {total > revisions.length && size < 100 && (
              <Button variant="default" size="xs" onClick={() => setSize(100)}>
                {t('settings.more')}
              </Button>
            )}
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}

function What({ one }: { one: Revision }) {
  const { t, time, pair } = useText();
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('configuration.revision', { revision: one.revision })}
      </Text>
      <Text size="xs" c="dimmed">
        {one.author.label} · {time(one.at)}
        {one.is_active ? '' : ` · ${t('plugin.disabled')}`}
      </Text>
      {one.diff.map(({ name, from, to }) => (
        <Text size="sm" key={name} component="div">
          {pair(name, '')}
          <Value of={from} /> → <Value of={to} />
        </Text>
      ))}
    </div>
  );
}
