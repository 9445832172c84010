import { Alert, Button, Group, NativeSelect, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCanary } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { Canary, MeasuredHealth, Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { follow } from '../../navigation/link.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { QueryView } from '../../parts/query-view.tsx';

/** Which release runs, which one is on trial, going back, and what the host may do by itself. */
export function Version({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  const client = useQueryClient();
  const to = `/plugins/${plugin.id}/upgrade`;
  const change = useMutation({
    mutationFn: (body: Partial<Plugin>) => request('PATCH', `/plugins/${plugin.id}`, { body }),
    onSettled: () => client.invalidateQueries(),
  });
  const rollback = useMutation({
    mutationFn: () => request('POST', `/plugins/${plugin.id}/rollback`),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Text>
          {plugin.available_version
            ? t('version.newer', { now: plugin.version, newer: plugin.available_version })
            : t('version.now', { now: plugin.version })}
        </Text>
        <Button
          component="a"
          href={to}
          variant={plugin.available_version ? 'filled' : 'default'}
          onClick={(event) => follow(event, to)}
        >
          {plugin.available_version ? t('version.upgrade', { version: plugin.available_version }) : t('version.plan')}
        </Button>
      </Group>
      {plugin.canary_version && <OnTrial plugin={plugin} />}
      {plugin.previous_version && (
        <Confirm
          label={t('version.rollback', { version: plugin.previous_version })}
          title={t('version.rollback_title', { name: plugin.display_name })}
          text={t('version.rollback_text', { version: plugin.previous_version })}
          busy={rollback.isPending}
          error={rollback.error}
          onConfirm={() => rollback.mutate()}
        />
      )}
      <Stack gap="sm">
        <Title order={2} size="h5">
          {t('version.policy')}
        </Title>
        <NativeSelect
          maw={420}
          label={t('version.auto')}
          description={t('version.auto_hint')}
          value={plugin.auto_upgrade ?? 'manual'}
          disabled={change.isPending}
          data={[
            { value: 'manual', label: t('version.manual') },
            { value: 'patch', label: t('version.patch') },
            { value: 'minor', label: t('version.minor') },
          ]}
          onChange={(event) => change.mutate({ auto_upgrade: event.currentTarget.value as 'manual' })}
        />
        <Switch
          label={t('version.pinned')}
          description={t('version.pinned_hint')}
          checked={plugin.pinned ?? false}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ pinned: event.currentTarget.checked })}
        />
        <Switch
          label={t('version.jitless')}
          description={t('version.jitless_hint')}
          checked={plugin.jitless ?? false}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ jitless: event.currentTarget.checked })}
        />
        <Switch
          label={t('version.recording')}
          description={t('version.recording_hint')}
          checked={plugin.is_recording ?? false}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ is_recording: event.currentTarget.checked })}
        />
        {change.error && <ErrorPanel error={change.error} />}
      </Stack>
    </Stack>
  );
}

function OnTrial({ plugin }: { plugin: Plugin }) {
  const { t, time, number, say } = useText();
  const client = useQueryClient();
  const query = useCanary(plugin.id, true);
  const end = useMutation({
    mutationFn: () => request('DELETE', `/plugins/${plugin.id}/canary`),
    onSettled: async () => {
      // The plugin first: once it has no trial, nothing here asks for one that is gone.
      await client.invalidateQueries({ queryKey: [`/plugins/${plugin.id}`] });
      await client.invalidateQueries();
    },
  });
  return (
    <QueryView query={query}>
      {(canary) => (
        <Alert
          color={canary.worse ? 'red' : 'blue'}
          variant="light"
          title={t('version.on_trial', { version: canary.version, percent: number(canary.percent) })}
        >
          <Stack gap="sm" align="flex-start">
            <Text size="sm">
              {canary.worse ? say(canary.worse) : t('version.trial_until', { time: time(canary.ends_at) })}
            </Text>
            <Compare canary={canary} />
            {end.error && <ErrorPanel error={end.error} />}
            <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate()}>
              {t('version.end_trial')}
            </Button>
          </Stack>
        </Alert>
      )}
    </QueryView>
  );
}

function Compare({ canary }: { canary: Canary }) {
  const { t, number, percent } = useText();
  const row = (name: string, health: MeasuredHealth | null) => (
    <Table.Tr>
      <Table.Th scope="row">{name}</Table.Th>
      <Table.Td>{health ? number(health.calls) : '–'}</Table.Td>
      <Table.Td>{health ? percent(health.crash_free) : '–'}</Table.Td>
      <Table.Td>{health ? t('invocations.ms', { ms: number(Math.round(health.p95_ms)) }) : '–'}</Table.Td>
    </Table.Tr>
  );
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('plugin.version')}</Table.Th>
          <Table.Th>{t('measured.calls')}</Table.Th>
          <Table.Th>{t('version.without_failure')}</Table.Th>
          <Table.Th>{t('version.p95')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {row(canary.version, canary.trial)}
        {row(t('version.stable'), canary.stable)}
      </Table.Tbody>
    </Table>
  );
}
