import { Alert, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../../api/request.ts';
import type { Configuration, Plugin } from '../../../api/types.ts';
import { useText } from '../../../language/use-text.tsx';
import { Confirm } from '../../../parts/confirm.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import type { JsonSchema } from '../../../schema-form/json-schema.ts';
import { SchemaForm } from '../../../schema-form/schema-form.tsx';
import { projectSchema } from './project-schema.ts';

/**
 * The form of one level. What a project leaves open is the workspace's, so nothing is required there. What is typed stays
 * when somebody else saves meanwhile: the host refuses to write over that unseen.
 *
 * @param onReload shows what is saved in place of what was typed
 */
export function Level({
  plugin,
  schema,
  project_id,
  level,
  workspace,
  onReload,
}: {
  plugin: Plugin;
  schema: JsonSchema;
  project_id: string | null;
  level: Configuration;
  workspace: Configuration;
  onReload(): void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const path = `/plugins/${plugin.id}/configuration`;
  // The revision that this form began with, or that it made last.
  const [revision, setRevision] = useState(level.revision);
  const isNew = revision === 0;
  const write = (body: { configuration?: Record<string, unknown>; is_active?: boolean }) =>
    request<Configuration>(isNew ? 'POST' : 'PUT', path, {
      body: {
        ...(isNew && { configuration: {} }),
        ...body,
        ...(project_id !== null && { project_id }),
        ...(!isNew && { revision }),
      },
    });
  const written = (answer: Configuration) => {
    setRevision(answer.revision);
    return client.invalidateQueries();
  };
  const save = useMutation({
    mutationFn: (configuration: Record<string, unknown>) => write({ configuration }),
    onSuccess: written,
  });
  const allow = useMutation({ mutationFn: (is_active: boolean) => write({ is_active }), onSuccess: written });
  const forget = useMutation({
    mutationFn: () => request('DELETE', path, { query: { project_id } }),
    onSuccess: async () => {
      await client.invalidateQueries();
      onReload();
    },
  });
  const isStale = [save.error, allow.error].some((error) => error && 'code' in error && error.code === 'F40009');
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
        disabled={save.isPending || allow.isPending}
        onChange={(event) => allow.mutate(event.currentTarget.checked)}
      />
      {allow.error && <ErrorPanel error={allow.error} />}
      <SchemaForm
        schema={project_id === null ? schema : projectSchema(schema, workspace.effective)}
        known={level.configuration}
        saved={save.data?.configuration}
        at="/configuration"
        submit={t('form.save')}
        busy={save.isPending}
        error={save.error}
        onSubmit={(configuration) => save.mutate(configuration)}
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
      {isStale && (
        <Group>
          <Button
            variant="default"
            size="xs"
            onClick={async () => {
              await client.invalidateQueries();
              onReload();
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
