import { Alert, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '../../api/api-error.ts';
import { useConfiguration } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { Configuration, Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { SchemaForm } from '../../schema-form/schema-form.tsx';

/** The settings of the default project, in a form made from the plugin's schema. Secrets are written, never read. */
export function ConfigurationForm({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  const client = useQueryClient();
  const kept = useConfiguration(plugin.id);
  const none = kept.error instanceof ApiError && kept.error.status === 404;
  const save = useMutation({
    mutationFn: (configuration: Record<string, unknown>) =>
      request<Configuration>(none ? 'POST' : 'PUT', `/plugins/${plugin.id}/configuration`, {
        body: { configuration, is_active: true },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: [`/plugins/${plugin.id}/configuration`] }),
  });
  const schema = plugin.manifest.configuration;
  if (!schema) return <Text c="dimmed">{t('configuration.none')}</Text>;
  if (kept.isPending) return <Waiting />;
  if (kept.error && !none) return <ErrorPanel error={kept.error} retry={() => void kept.refetch()} />;
  return (
    <Stack maw={640}>
      <Text size="sm" c="dimmed">
        {kept.data && !none ? t('configuration.revision', { revision: kept.data.revision }) : t('configuration.new')}
      </Text>
      <SchemaForm
        key={none ? 'new' : String(kept.data?.revision)}
        schema={schema}
        known={none ? {} : kept.data?.configuration}
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
  );
}
