import { Alert, Button, Paper, Stack, Switch, Tabs, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useIntegration, useIntegrationType, usePlugin } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { Integration as IntegrationAnswer } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { navigate, pageLeft, setQuery, useLocation } from '../navigation/navigate.ts';
import { ActionRunner } from '../parts/action-runner.tsx';
import { CameBack } from '../parts/came-back.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { PageView, QueryView } from '../parts/query-view.tsx';
import { Account } from './integration/account.tsx';
import { Log } from './integration/log.tsx';
import { Reconnect } from './integration/reconnect.tsx';
import { Records } from './integration/records.tsx';
import { Schedule } from './integration/schedule.tsx';
import { Syncs } from './integration/syncs.tsx';

export default function Integration({ places }: { places: Record<string, string> }) {
  const query = useIntegration(places.id ?? '');
  return (
    <CameBack>
      <PageView query={query}>{(integration) => <Detail integration={integration} />}</PageView>
    </CameBack>
  );
}

function Detail({ integration }: { integration: IntegrationAnswer }) {
  const { t, say } = useText();
  const { query } = useLocation();
  const client = useQueryClient();
  const path = `/integrations/${integration.id}`;
  const typeQuery = useIntegrationType(integration.integration_type);
  const type = typeQuery.data;
  const test = useMutation({
    mutationFn: () =>
      request<{ ok: boolean; account: string | null; error: string | null }>('POST', `${path}/test`, { body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: [path] }),
  });
  const toggle = useMutation({
    mutationFn: (status: 'active' | 'inactive') => request('PUT', `${path}/status`, { body: { status } }),
    onSettled: () => client.invalidateQueries({ queryKey: [path] }),
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
          {test.data.ok ? (test.data.account ?? '–') : say(test.data.error ?? '–')}
        </Alert>
      )}
      {query.get('error') && (
        <Alert color="red" variant="light" title={t('integrations.refused')}>
          {say(query.get('error') ?? '')}
        </Alert>
      )}
      {test.error && <ErrorPanel error={test.error} />}
      {toggle.error && <ErrorPanel error={toggle.error} />}
      {integration.sync_error_message && !test.data && (
        <Alert color="red" variant="light">
          {say(integration.sync_error_message)}
        </Alert>
      )}
      <Tabs
        value={query.get('tab') ?? 'account'}
        onChange={(tab) => setQuery({ tab: tab === 'account' ? null : tab, page: null, stream: null })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="account">{t('integrations.account')}</Tabs.Tab>
          <Tabs.Tab value="run">{t('plugin.run')}</Tabs.Tab>
          <Tabs.Tab value="sync">{t('sync.tab')}</Tabs.Tab>
          <Tabs.Tab value="records">{t('records.tab')}</Tabs.Tab>
          <Tabs.Tab value="log">{t('integrations.log')}</Tabs.Tab>
          <Tabs.Tab value="delete">{t('form.delete')}</Tabs.Tab>
        </Tabs.List>
        <Paper withBorder p="lg" mt="md">
          <Tabs.Panel value="account">
            <Stack gap="lg">
              <Account integration={integration} type={type} isTypePending={typeQuery.isPending} />
              <Reconnect integration={integration} type={type} />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="run">
            {integration.plugin_id ? (
              <Actions plugin_id={integration.plugin_id} path={path} />
            ) : (
              <ActionRunner actions={{}} path={path} />
            )}
          </Tabs.Panel>
          <Tabs.Panel value="sync">
            <Stack gap="xl">
              <Syncs integration={integration} />
              {type && <Schedule key={integration.id} integration={integration} type={type} />}
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="records">
            <Records integration={integration} streams={type?.sync.streams ?? []} />
          </Tabs.Panel>
          <Tabs.Panel value="log">
            <Log integration={integration} />
          </Tabs.Panel>
          <Tabs.Panel value="delete">
            <Remove integration={integration} />
          </Tabs.Panel>
        </Paper>
      </Tabs>
    </Page>
  );
}

/** Its plugin's actions, run with this account. */
function Actions({ plugin_id, path }: { plugin_id: string; path: string }) {
  const plugin = usePlugin(plugin_id);
  return (
    <QueryView query={plugin}>
      {({ manifest }) => <ActionRunner actions={manifest.actions ?? {}} path={path} />}
    </QueryView>
  );
}

function Remove({ integration }: { integration: IntegrationAnswer }) {
  const { t } = useText();
  const client = useQueryClient();
  const path = `/integrations/${integration.id}`;
  const remove = useMutation({
    mutationFn: () => request('DELETE', path),
    onSuccess: async () => {
      navigate('/integrations');
      await pageLeft();
      client.removeQueries({ queryKey: [path] });
      return client.invalidateQueries();
    },
  });
  return (
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
  );
}
