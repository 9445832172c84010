import { Alert, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useProjects } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { Integration, IntegrationTypeSchema } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { State } from '../../parts/badges.tsx';
import { useNames } from '../../parts/names.ts';
import { useTypeNames } from '../../parts/type-names.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { projectSchema } from '../plugin/settings/project-schema.ts';

/** Whose account it is, and what holds for it alone. */
export function Account({
  integration,
  type,
  isTypePending,
}: {
  integration: Integration;
  /** undefined while it is on its way, or where its plugin is gone */
  type: IntegrationTypeSchema | undefined;
  isTypePending: boolean;
}) {
  const { t, time } = useText();
  const names = useNames();
  const typeName = useTypeNames();
  const projects = useProjects();
  const project = projects.data?.projects.find(({ id }) => id === integration.project_id);
  const auth = integration.auth_config;
  const facts: [string, React.ReactNode][] = [
    [t('plugin.state'), <State key="state" of={integration.status} />],
    [t('integrations.type'), typeName(integration.integration_type)],
    [t('integrations.project'), projects.isPending ? '…' : project ? names.project(project) : integration.project_id],
    [t('integrations.way'), auth?.auth_type ? names.way(auth.auth_type) : '–'],
    [t('integrations.account'), auth?.account ?? '–'],
    [t('integrations.scopes'), auth?.scopes?.length ? auth.scopes.join(', ') : '–'],
    [t('integrations.expires'), time(auth?.expires_at)],
    [t('integrations.last_sync'), time(integration.last_sync_at)],
    [t('form.created'), time(integration.created_at)],
  ];
  return (
    <Stack gap="lg">
      <Table>
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" w={{ base: 110, sm: 200 }}>
                {name}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed">
        {integration.id}
      </Text>
      {type ? <Change integration={integration} type={type} /> : isTypePending && <Waiting />}
    </Stack>
  );
}

function Change({ integration, type }: { integration: Integration; type: IntegrationTypeSchema }) {
  const { t } = useText();
  const client = useQueryClient();
  const [name, setName] = useState(integration.name);
  const form = useId();
  const save = useMutation({
    mutationFn: (configuration: Record<string, unknown>) =>
      request<Integration>('PATCH', `/integrations/${integration.id}`, { body: { name, configuration } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [`/integrations/${integration.id}`] }),
  });
  return (
    <Stack maw={640}>
      <Title order={2} size="h5">
        {t('integrations.own_settings')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('integrations.own_settings_hint')}
      </Text>
      <TextInput
        required
        form={form}
        name="name"
        label={t('form.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <SchemaForm
        id={form}
        schema={projectSchema(type.configuration, {})}
        known={integration.configuration}
        saved={save.data?.configuration}
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
