import { Alert, Button, Code, Group, Paper, Stack, Switch, Table, Tabs, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useIntegration, usePlugins } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { Integration as IntegrationAnswer } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { navigate, setQuery, useLocation } from '../navigation/navigate.ts';
import { ActionRunner } from '../parts/action-runner.tsx';
import { State } from '../parts/badges.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { goToVendor } from '../parts/go-to-vendor.ts';
import { Page } from '../parts/page.tsx';
import { QueryView } from '../parts/query-view.tsx';
import { Syncs } from './integration/syncs.tsx';

export default function Integration({ places }: { places: Record<string, string> }) {
  const query = useIntegration(places.id ?? '');
  return <QueryView query={query}>{(integration) => <Detail integration={integration} />}</QueryView>;
}

function Detail({ integration }: { integration: IntegrationAnswer }) {
  const { t } = useText();
  const { query } = useLocation();
  const client = useQueryClient();
  const path = `/integrations/${integration.id}`;
  const plugins = usePlugins();
  const plugin = plugins.data?.plugins.find((one) => one.manifest.integration?.type === integration.integration_type);
  const test = useMutation({
    mutationFn: () =>
      request<{ ok: boolean; account: string | null; error: string | null }>('POST', `${path}/test`, { body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: [path] }),
  });
  const toggle = useMutation({
    mutationFn: (status: 'active' | 'inactive') => request('PUT', `${path}/status`, { body: { status } }),
    onSettled: () => client.invalidateQueries({ queryKey: [path] }),
  });
  const reconnect = useMutation({ mutationFn: () => goToVendor(`${path}/oauth/initiate`, {}) });
  const bySignIn = plugin?.manifest.auth?.some((way) => way.type === 'oauth2') ?? false;
  const remove = useMutation({
    mutationFn: () => request('DELETE', path),
    onSuccess: () => {
      client.removeQueries({ queryKey: [path] });
      navigate('/integrations');
      return client.invalidateQueries();
    },
  });
  return (
    <Page
      title={integration.name}
      lead={<Link to="/integrations">{t('nav.integrations')}</Link>}
      actions={
        <>
          <Switch
            label={t('integrations.is_active')}
            checked={integration.status === 'active'}
            disabled={toggle.isPending}
            onChange={(event) => toggle.mutate(event.currentTarget.checked ? 'active' : 'inactive')}
          />
          {bySignIn && integration.auth_config?.auth_type !== 'bearer' && (
            <Button variant="default" loading={reconnect.isPending} onClick={() => reconnect.mutate()}>
              {t('integrations.reconnect')}
            </Button>
          )}
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            {t('integrations.test')}
          </Button>
        </>
      }
    >
      {test.data && (
        <Alert
          color={test.data.ok ? 'teal' : 'red'}
          variant="light"
          role="status"
          title={test.data.ok ? t('integrations.works') : t('integrations.fails')}
        >
          {test.data.ok ? (test.data.account ?? '–') : test.data.error}
        </Alert>
      )}
      {query.get('error') && (
        <Alert color="red" variant="light" title={t('integrations.refused')}>
          {query.get('error')}
        </Alert>
      )}
      {reconnect.error && <ErrorPanel error={reconnect.error} />}
      {test.error && <ErrorPanel error={test.error} />}
      {toggle.error && <ErrorPanel error={toggle.error} />}
      {integration.sync_error_message && !test.data && (
        <Alert color="red" variant="light">
          {integration.sync_error_message}
        </Alert>
      )}
      <Tabs
        value={query.get('tab') ?? 'account'}
        onChange={(tab) => setQuery({ tab: tab === 'account' ? null : tab })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="account">{t('integrations.account')}</Tabs.Tab>
          <Tabs.Tab value="run">{t('plugin.run')}</Tabs.Tab>
          <Tabs.Tab value="sync">{t('sync.tab')}</Tabs.Tab>
          <Tabs.Tab value="delete">{t('form.delete')}</Tabs.Tab>
        </Tabs.List>
        <Paper withBorder p="lg" mt="md">
          <Tabs.Panel value="account">
            <Facts integration={integration} />
          </Tabs.Panel>
          <Tabs.Panel value="run">
            <ActionRunner actions={plugin?.manifest.actions ?? {}} path={path} />
          </Tabs.Panel>
          <Tabs.Panel value="sync">
            <Syncs integration={integration} />
          </Tabs.Panel>
          <Tabs.Panel value="delete">
            <Stack align="flex-start">
              <Text>{t('integrations.delete_text')}</Text>
              <Confirm
                label={t('form.delete')}
                title={t('integrations.delete_title', { name: integration.name })}
                text={t('integrations.delete_confirm')}
                busy={remove.isPending}
                error={remove.error}
                onConfirm={() => remove.mutate()}
              />
            </Stack>
          </Tabs.Panel>
        </Paper>
      </Tabs>
    </Page>
  );
}

function Facts({ integration }: { integration: IntegrationAnswer }) {
  const { t, time } = useText();
  const auth = integration.auth_config;
  const facts: [string, React.ReactNode][] = [
    [t('plugin.state'), <State key="state" of={integration.status} />],
    [t('integrations.type'), integration.integration_type],
    [t('integrations.way'), auth?.auth_type ?? '–'],
    [t('integrations.account'), auth?.account ?? '–'],
    [t('integrations.scopes'), auth?.scopes?.length ? auth.scopes.join(', ') : '–'],
    [t('integrations.expires'), time(auth?.expires_at)],
    [t('integrations.last_sync'), time(integration.last_sync_at)],
    [t('form.created'), time(integration.created_at)],
  ];
  return (
    <Stack>
      <Table>
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" w={200}>
                {name}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group>
        <Text size="xs" c="dimmed">
          {integration.id}
        </Text>
      </Group>
      {Object.keys(integration.configuration).length > 0 && (
        <Code block tabIndex={0}>
          {JSON.stringify(integration.configuration, null, 2)}
        </Code>
      )}
    </Stack>
  );
}
