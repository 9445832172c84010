import { Alert, Button, Group, Paper, Stack, Switch, Tabs, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { usePlugin } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { Plugin as PluginAnswer } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { setQuery, useLocation } from '../navigation/navigate.ts';
import { ActionRunner } from '../parts/action-runner.tsx';
import { isWithdrawn, PluginBadges } from '../parts/badges.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Offers } from '../parts/offers.tsx';
import { Page } from '../parts/page.tsx';
import { PageView } from '../parts/query-view.tsx';
import { Grants } from './plugin/grants.tsx';
import { Invocations } from './plugin/invocations.tsx';
import { Logs } from './plugin/logs.tsx';
import { Settings } from './plugin/settings.tsx';
import { Uninstall } from './plugin/uninstall.tsx';
import { Usage } from './plugin/usage.tsx';
import { UseOfPermissions } from './plugin/use-of-permissions.tsx';
import { Version } from './plugin/version.tsx';

export default function Plugin({ places }: { places: Record<string, string> }) {
  const query = usePlugin(places.id ?? '');
  return <PageView query={query}>{(plugin) => <Detail plugin={plugin} />}</PageView>;
}

function Detail({ plugin }: { plugin: PluginAnswer }) {
  const { t, say } = useText();
  const { query } = useLocation();
  const client = useQueryClient();
  const toggle = useMutation({
    mutationFn: (is_enabled: boolean) => request('PATCH', `/plugins/${plugin.id}`, { body: { is_enabled } }),
    onSettled: () => client.invalidateQueries(),
  });
  const resume = useMutation({
    mutationFn: () => request('POST', `/plugins/${plugin.id}/resume`),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <Page
      title={plugin.display_name}
      lead={plugin.description}
      actions={
        <Switch
          label={t('plugin.is_enabled')}
          checked={plugin.is_enabled}
          disabled={toggle.isPending}
          onChange={(event) => toggle.mutate(event.currentTarget.checked)}
        />
      }
    >
      <Group gap="sm">
        <PluginBadges plugin={plugin} />
        <Link to={`/marketplace/${plugin.name}`} size="sm">
          {plugin.name} {plugin.version}
        </Link>
        {plugin.available_version && (
          <Link to={`/plugins/${plugin.id}/upgrade`} size="sm">
            {t('plugin.newer', { version: plugin.available_version })}
          </Link>
        )}
      </Group>
      {toggle.error && <ErrorPanel error={toggle.error} />}
      {plugin.deprecated && (
        <Alert color="orange" variant="light" title={t('plugin.deprecated_now', { version: plugin.version })}>
          {plugin.deprecated.reason}
        </Alert>
      )}
      {isWithdrawn(plugin) && (
        <Alert color="red" variant="light" title={t('plugin.withdrawn_now', { version: plugin.version })}>
          {plugin.release_state_reason}
        </Alert>
      )}
      {plugin.status_reason && (
        <Alert color="orange" variant="light">
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{say(plugin.status_reason)}</Text>
            {plugin.status === 'suspect' && (
              <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
                {t('plugin.resume')}
              </Button>
            )}
          </Stack>
        </Alert>
      )}
      {resume.error && <ErrorPanel error={resume.error} />}
      <Tabs
        value={query.get('tab') ?? 'run'}
        onChange={(tab) => setQuery({ tab: tab === 'run' ? null : tab, page: null, status: null })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="run">{t('plugin.run')}</Tabs.Tab>
          <Tabs.Tab value="configuration">{t('plugin.configuration')}</Tabs.Tab>
          <Tabs.Tab value="version">{t('plugin.version')}</Tabs.Tab>
          <Tabs.Tab value="grants">{t('plugin.permissions')}</Tabs.Tab>
          <Tabs.Tab value="usage">{t('plugin.usage')}</Tabs.Tab>
          <Tabs.Tab value="invocations">{t('plugin.invocations')}</Tabs.Tab>
          <Tabs.Tab value="logs">{t('plugin.logs')}</Tabs.Tab>
          <Tabs.Tab value="offers">{t('plugin.offers')}</Tabs.Tab>
          <Tabs.Tab value="uninstall">{t('plugin.uninstall')}</Tabs.Tab>
        </Tabs.List>
        <Paper withBorder p="lg" mt="md">
          <Tabs.Panel value="run">
            <Stack>
              {plugin.manifest.integration && (
                <Alert variant="light">
                  {t('plugin.run_by_integration')}{' '}
                  <Link to="/integrations" underline="always">
                    {t('nav.integrations')}
                  </Link>
                </Alert>
              )}
              <ActionRunner actions={plugin.manifest.actions ?? {}} path={`/plugins/${plugin.id}`} />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="configuration">
            <Settings plugin={plugin} />
          </Tabs.Panel>
          <Tabs.Panel value="version">
            <Version plugin={plugin} />
          </Tabs.Panel>
          <Tabs.Panel value="grants">
            <Stack gap="lg">
              <Grants plugin={plugin} />
              <UseOfPermissions plugin={plugin} />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="usage">
            <Usage plugin={plugin} />
          </Tabs.Panel>
          <Tabs.Panel value="invocations">
            <Invocations plugin={plugin} />
          </Tabs.Panel>
          <Tabs.Panel value="logs">
            <Logs plugin={plugin} />
          </Tabs.Panel>
          <Tabs.Panel value="offers">
            <Offers manifest={plugin.manifest} />
          </Tabs.Panel>
          <Tabs.Panel value="uninstall">
            <Uninstall plugin={plugin} />
          </Tabs.Panel>
        </Paper>
      </Tabs>
    </Page>
  );
}
