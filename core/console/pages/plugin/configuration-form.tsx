import { Alert, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useConfiguration } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { Configuration, Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { SchemaForm } from '../../schema-form/schema-form.tsx';

/** The workspace's settings of a plugin, in a form made from its schema. Secrets are written, never read. */
export function ConfigurationForm({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  const client = useQueryClient();
  const kept = useConfiguration(plugin.id);
  const save = useMutation({
    mutationFn: (configuration: Record<string, unknown>) =>
      request<Configuration>(kept.data?.revision ? 'PUT' : 'POST', `/plugins/${plugin.id}/configuration`, {
        // The revision that was read: who saved meanwhile is not overwritten unseen.
        body: { configuration, is_active: true, ...(kept.data?.revision ? { revision: kept.data.revision } : {}) },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: [`/plugins/${plugin.id}/configuration`] }),
  });
  const schema = plugin.manifest.configuration;
  if (!schema) return <Text c="dimmed">{t('configuration.none')}</Text>;
  return (
    <QueryView query={kept}>
      {(data) => (
        <Stack maw={640}>
          <Text size="sm" c="dimmed">
            {data.revision > 0 ? t('configuration.revision', { revision: data.revision }) : t('configuration.new')}
          </Text>
          <SchemaForm
            key={data.revision}
            schema={schema}
            known={data.configuration}
            at="/configuration"
            submit={t('form.save')}
            busy={save.isPending}
            error={save.error}
            onSubmit={(values) => save.mutate(values)}
          />
          {save.isSuccess && (
            <Alert color="teal" variant="light" role="status">
              {t('form.saved')}
            </Alert>
          )}
        </Stack>
      )}
    </QueryView>
  );
}
