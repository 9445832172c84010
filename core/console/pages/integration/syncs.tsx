import { Button, Group, NativeSelect, Progress, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLive } from '../../api/live.ts';
import { useSyncs } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { Integration, Sync } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { State } from '../../parts/badges.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { QueryView } from '../../parts/query-view.tsx';

const isGoing = ({ status }: Sync): boolean => status === 'queued' || status === 'running';

/** Starts a sync and shows how it goes, and how the earlier ones went. */
export function Syncs({ integration }: { integration: Integration }) {
  const { t } = useText();
  const client = useQueryClient();
  const path = `/integrations/${integration.id}/sync`;
  const [kind, setKind] = useState('incremental');
  const query = useSyncs(integration.id);
  const going = query.data?.logs.find(isGoing);
  const refresh = () => client.invalidateQueries({ queryKey: [`${path}/logs`] });
  const start = useMutation({
    mutationFn: () => request<Sync>('POST', path, { body: { sync_type: kind } }),
    onSuccess: refresh,
  });
  const cancel = useMutation({
    mutationFn: (sync: Sync) => request<Sync>('POST', `${path}/${sync.id}/cancel`),
    onSuccess: refresh,
  });
  const error = start.error ?? cancel.error;
  return (
    <Stack>
      <Group align="flex-end">
        <NativeSelect
          label={t('sync.kind')}
          value={kind}
          data={[
            { value: 'incremental', label: t('sync.incremental') },
            { value: 'full', label: t('sync.full') },
          ]}
          onChange={(event) => setKind(event.currentTarget.value)}
        />
        <Button loading={start.isPending} disabled={going !== undefined} onClick={() => start.mutate()}>
          {t('sync.start')}
        </Button>
        {going && (
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(going)}>
            {t('sync.cancel')}
          </Button>
        )}
      </Group>
      {error && <ErrorPanel error={error} />}
      {going && <Going key={going.id} sync={going} />}
      <QueryView query={query}>
        {({ logs }) =>
          logs.length === 0 ? <Nothing title={t('sync.none')} hint={t('sync.none_hint')} /> : <Past syncs={logs} />
        }
      </QueryView>
    </Stack>
  );
}

/** A sync that runs, told by the host as it goes. */
function Going({ sync: first }: { sync: Sync }) {
  const { t, number } = useText();
  const client = useQueryClient();
  const [sync, setSync] = useState(first);
  const path = `/integrations/${first.integration_id}/sync`;
  useLive(isGoing(sync) ? `${path}/${sync.id}` : null, 'sync', (data) => {
    const now = data as Sync;
    setSync(now);
    // The stream ends with the sync; what it brought is asked for anew.
    if (!isGoing(now)) void client.invalidateQueries();
  });
  const { streams_done, streams_of, stream, done = 0, of } = sync.progress;
  const ofStream = of ? Math.min(1, done / of) : 0;
  const share = streams_of > 0 ? ((streams_done + ofStream) / streams_of) * 100 : 0;
  return (
    <div>
      <Progress value={Math.max(share, 4)} animated aria-label={t('sync.progress')} />
      <Text size="sm" mt={4} role="status">
        {t('sync.going', { stream: stream ?? '–', read: number(sync.counts.read) })}
      </Text>
    </div>
  );
}

function Past({ syncs }: { syncs: Sync[] }) {
  const { t, moment, number, pair, say } = useText();
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('invocations.started')}</Table.Th>
            <Table.Th>{t('sync.kind')}</Table.Th>
            <Table.Th>{t('plugin.state')}</Table.Th>
            <Table.Th>{t('sync.created')}</Table.Th>
            <Table.Th>{t('sync.updated')}</Table.Th>
            <Table.Th>{t('sync.deleted')}</Table.Th>
            <Table.Th>{t('sync.failed')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {syncs.map((sync) => (
            <Table.Tr key={sync.id}>
              <Table.Td>
                <span style={{ whiteSpace: 'nowrap' }}>{moment(sync.started_at ?? sync.created_at)}</span>
                {sync.errors[0] && (
                  <Text size="xs" c="red">
                    {pair(sync.errors[0].stream, say(sync.errors[0].message))}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{sync.sync_type === 'incremental' ? t('sync.incremental') : t('sync.full')}</Table.Td>
              <Table.Td>
                <State of={sync.status} />
              </Table.Td>
              <Table.Td>{number(sync.counts.created)}</Table.Td>
              <Table.Td>{number(sync.counts.updated)}</Table.Td>
              <Table.Td>{number(sync.counts.deleted)}</Table.Td>
              <Table.Td>{number(sync.counts.failed)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
