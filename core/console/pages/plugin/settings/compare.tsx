import { Badge, Button, Code, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../api/request.ts';
import type { Configuration, Plugin } from '../../../api/types.ts';
import type { TextName } from '../../../language/en.ts';
import { useText } from '../../../language/use-text.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import type { JsonSchema } from '../../../schema-form/json-schema.ts';

const origins: Record<string, TextName> = {
  default: 'settings.from_default',
  workspace: 'settings.workspace',
  project: 'settings.from_project',
};

/** Each setting's value in the workspace and in the project side by side, what a call sees, and where that comes from. */
export function Compare({
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
  const { t, own } = useText();
  const client = useQueryClient();
  const names = [
    ...new Set([
      ...Object.keys(schema.properties ?? {}),
      ...Object.keys(level.effective),
      ...Object.keys(level.configuration),
    ]),
  ];
  const inherit = useMutation({
    mutationFn: (name: string) => {
      const { [name]: _given, ...configuration } = level.configuration;
      return request('PUT', `/plugins/${plugin.id}/configuration`, {
        body: { project_id, configuration, revision: level.revision },
      });
    },
    onSuccess: () => client.invalidateQueries(),
  });
  if (names.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {t('settings.compare')}
      </Title>
      {inherit.error && <ErrorPanel error={inherit.error} />}
      <Table.ScrollContainer minWidth={620}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('settings.setting')}</Table.Th>
              <Table.Th>{t('settings.workspace')}</Table.Th>
              {project_id !== null && <Table.Th>{t('settings.this_project')}</Table.Th>}
              <Table.Th>{t('settings.seen')}</Table.Th>
              <Table.Th>{t('settings.origin')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {names.map((name) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">
                  {own(schema.properties?.[name]?.title) || name}
                  <Text size="xs" c="dimmed">
                    {name}
                  </Text>
                </Table.Th>
                <Table.Td>
                  <Value of={workspace.configuration[name]} />
                </Table.Td>
                {project_id !== null && (
                  <Table.Td>
                    <Value of={level.configuration[name]} />
                    {level.configuration[name] !== undefined && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-label={t('settings.inherit_name', { name: own(schema.properties?.[name]?.title) || name })}
                        disabled={inherit.isPending}
                        onClick={() => inherit.mutate(name)}
                      >
                        {t('settings.inherit')}
                      </Button>
                    )}
                  </Table.Td>
                )}
                <Table.Td>
                  <Value of={level.effective[name]} />
                </Table.Td>
                <Table.Td>
                  {level.origins[name] && (
                    <Badge variant="light" miw="max-content">
                      {t(origins[level.origins[name]] ?? 'settings.from_default')}
                    </Badge>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

/** A value as text; a secret reads as what it is, set but not shown. */
export function Value({ of: value }: { of: unknown }) {
  if (value === undefined) return '–';
  return <Code style={{ overflowWrap: 'anywhere' }}>{typeof value === 'string' ? value : JSON.stringify(value)}</Code>;
}
