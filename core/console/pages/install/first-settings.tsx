import { Button, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import type { Configuration, Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { SchemaForm } from '../../schema-form/schema-form.tsx';

/** The workspace's settings right after the installation; they can wait. */
export function FirstSettings({ plugin, onDone }: { plugin: Plugin; onDone(isConfigured: boolean): void }) {
  const { t } = useText();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (configuration: Record<string, unknown>) =>
      request<Configuration>('POST', `/plugins/${plugin.id}/configuration`, { body: { configuration } }),
    onSuccess: async () => {
      onDone(true);
      await client.invalidateQueries();
    },
  });
  return (
    <Stack>
      <Title order={2} size="h4">
        {t('install.settings')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('install.settings_hint')}
      </Text>
      <SchemaForm
        schema={plugin.manifest.configuration ?? {}}
        at="/configuration"
        submit={t('form.save')}
        busy={save.isPending}
        error={save.error}
        onSubmit={(values) => save.mutate(values)}
      >
        <Button variant="default" onClick={() => onDone(false)}>
          {t('install.later')}
        </Button>
      </SchemaForm>
    </Stack>
  );
}
