import { Alert, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../api/request.ts';
import type { Configuration, Plugin } from '../../../api/types.ts';
import { useText } from '../../../language/use-text.tsx';
import { Confirm } from '../../../parts/confirm.tsx';
import type { JsonSchema } from '../../../schema-form/json-schema.ts';
import { SchemaForm } from '../../../schema-form/schema-form.tsx';
import { projectSchema } from './project-schema.ts';

/** The form of one level. What a project leaves open is the workspace's, so nothing is required there. */
export function Level({
  plugin,
  schema,
  project_id,
  level,
  workspace,
}: {
  plugin: Plugin;
  schema: JsonSchema;
  project_id: string | null;
  level: Configuration;
  workspace: Configuration;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const path = `/plugins/${plugin.id}/configuration`;
  const isNew = level.revision === 0;
  const done = { onSuccess: () => client.invalidateQueries() };
  const save = useMutation({
    mutationFn: (body: { configuration?: Record<string, unknown>; is_active?: boolean }) =>
      request<Configuration>(isNew ? 'POST' : 'PUT', path, {
        // The revision that was read: who saved meanwhile is not overwritten unseen.
        body: {
          ...(isNew && { configuration: {} }),
          ...body,
          ...(project_id !== null && { project_id }),
          ...(!isNew && { revision: level.revision }),
        },
      }),
    ...done,
  });
  const forget = useMutation({
    mutationFn: () => request('DELETE', path, { query: { project_id } }),
    ...done,
  });
  return (
    <Stack maw={640}>
      <Text size="sm" c="dimmed" role="status">
        {isNew
          ? t(project_id === null ? 'configuration.new' : 'settings.project_new')
          : t('configuration.revision', { revision: level.revision })}
      </Text>
      <Switch
        label={t(project_id === null ? 'settings.active' : 'settings.active_here')}
        checked={level.is_active}
        disabled={save.isPending}
        onChange={(event) => save.mutate({ is_active: event.currentTarget.checked })}
      />
      <SchemaForm
        schema={project_id === null ? schema : projectSchema(schema, workspace.effective)}
        known={level.configuration}
        at="/configuration"
        submit={t('form.save')}
        busy={save.isPending}
        error={save.error}
        onSubmit={(configuration) => save.mutate({ configuration })}
      >
        {!isNew && (
          <Confirm
            label={t('settings.forget')}
            title={t('settings.forget_title')}
            text={t('settings.forget_text')}
            busy={forget.isPending}
            error={forget.error}
            onConfirm={() => forget.mutate()}
          />
        )}
      </SchemaForm>
      {save.error && 'code' in save.error && save.error.code === 'F40009' && (
        <Group>
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              save.reset();
              void client.invalidateQueries();
            }}
          >
            {t('settings.reload')}
          </Button>
        </Group>
      )}
      {save.isSuccess && (
        <Alert color="teal" variant="light" role="status">
          {t('form.saved')}
        </Alert>
      )}
    </Stack>
  );
}
