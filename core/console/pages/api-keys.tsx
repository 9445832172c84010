import {
  Alert,
  Badge,
  Button,
  CopyButton,
  Group,
  MultiSelect,
  Paper,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApiKeys } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { ApiKey } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { QueryView } from '../parts/query-view.tsx';

const scopes = [
  ...['plugins:read', 'plugins:write', 'integrations:read', 'integrations:write', 'integrations:run'],
  ...['webhooks:read', 'webhooks:write', 'events:write', 'records:read', 'registry:publish', 'admin'],
];

export default function ApiKeys() {
  const { t } = useText();
  const query = useApiKeys();
  return (
    <Page title={t('nav.api_keys')} lead={t('keys.lead')}>
      <NewKey />
      <QueryView query={query}>
        {({ api_keys: keys }) =>
          keys.length === 0 ? <Nothing title={t('keys.none')} hint={t('keys.none_hint')} /> : <Keys keys={keys} />
        }
      </QueryView>
    </Page>
  );
}

function NewKey() {
  const { t } = useText();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const make = useMutation({
    mutationFn: () => request<ApiKey>('POST', '/api-keys', { body: { name, scopes: chosen } }),
    onSuccess: () => {
      setName('');
      setChosen([]);
      return client.invalidateQueries({ queryKey: ['/api-keys'] });
    },
  });
  return (
    <Paper withBorder p="lg" maw={760}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack>
          <Title order={2} size="h4">
            {t('keys.new')}
          </Title>
          <TextInput
            required
            name="name"
            label={t('form.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <MultiSelect
            label={t('keys.scopes')}
            description={t('keys.scopes_hint')}
            data={scopes}
            value={chosen}
            onChange={setChosen}
            searchable
          />
          {make.error && <ErrorPanel error={make.error} />}
          {make.data?.key && (
            <Alert color="teal" variant="light" title={t('keys.once')} role="status">
              <Group>
                <Text ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                  {make.data.key}
                </Text>
                <CopyButton value={make.data.key}>
                  {({ copied, copy }) => (
                    <Button size="xs" variant="default" onClick={copy}>
                      {copied ? t('keys.copied') : t('keys.copy')}
                    </Button>
                  )}
                </CopyButton>
              </Group>
            </Alert>
          )}
          <Group>
            <Button type="submit" loading={make.isPending} disabled={chosen.length === 0 || name.trim() === ''}>
              {t('keys.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function Keys({ keys }: { keys: ApiKey[] }) {
  const { t, time, number } = useText();
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('form.name')}</Table.Th>
            <Table.Th>{t('keys.scopes')}</Table.Th>
            <Table.Th>{t('keys.last_used')}</Table.Th>
            <Table.Th>{t('keys.uses')}</Table.Th>
            <Table.Th>{t('keys.actions')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                {key.name}
                <Text size="xs" c="dimmed" ff="monospace">
                  {key.prefix}…
                </Text>
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  {key.scopes.map((scope) => (
                    <Badge key={scope} variant="light" color="gray" tt="none">
                      {scope}
                    </Badge>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{time(key.last_used_at)}</Table.Td>
              <Table.Td>{number(key.usage_count)}</Table.Td>
              <Table.Td>
                <Revoke apiKey={key} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Revoke({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useText();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => request('DELETE', `/api-keys/${apiKey.id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['/api-keys'] }),
  });
  return (
    <Confirm
      label={t('keys.revoke')}
      title={t('keys.revoke_title', { name: apiKey.name })}
      text={t('keys.revoke_confirm')}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
    />
  );
}
