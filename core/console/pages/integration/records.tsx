import { Badge, Button, Code, Group, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import type { Integration, IntegrationTypeSchema, Page, SyncedRecord } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { setQuery, useLocation } from '../../navigation/navigate.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { Waiting } from '../../parts/waiting.tsx';

const size = 100;

/** What was synced, as the vendor said it or in its unified model; to take along as a file too. */
export function Records({
  integration,
  streams,
}: {
  integration: Integration;
  streams: IntegrationTypeSchema['sync']['streams'];
}) {
  const { t, number } = useText();
  const { query: place } = useLocation();
  const [view, setView] = useState<'data' | 'raw'>('data');
  const wanted = { stream: place.get('stream') ?? undefined, deleted: place.get('deleted') ?? undefined };
  const path = `/integrations/${integration.id}/records`;
  const query = useInfiniteQuery({
    queryKey: [path, wanted],
    queryFn: ({ pageParam, signal }) =>
      request<Page<'records', SyncedRecord>>('GET', path, { query: { ...wanted, page: pageParam, size }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page, total }) => (page * size < total ? page + 1 : undefined),
  });
  const records = query.data?.pages.flatMap((one) => one.records) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  const file = (format: string) =>
    `/api/v1${path}?${new URLSearchParams({ format, ...(wanted.stream && { stream: wanted.stream }), ...(wanted.deleted && { deleted: wanted.deleted }) })}`;
  return (
    <Stack>
      <Group align="flex-end">
        <NativeSelect
          label={t('records.stream')}
          value={wanted.stream ?? ''}
          data={[
            { value: '', label: t('records.all') },
            ...streams.map(({ name, title }) => ({ value: name, label: title || name })),
          ]}
          onChange={(event) => setQuery({ stream: event.currentTarget.value || null })}
        />
        <NativeSelect
          label={t('records.deleted')}
          value={wanted.deleted ?? ''}
          data={[
            { value: '', label: t('records.present') },
            { value: 'true', label: t('records.with_deleted') },
            { value: 'only', label: t('records.only_deleted') },
          ]}
          onChange={(event) => setQuery({ deleted: event.currentTarget.value || null })}
        />
        <SegmentedControl
          aria-label={t('records.view')}
          value={view}
          onChange={(next) => setView(next as 'data' | 'raw')}
          data={[
            { value: 'data', label: t('records.unified') },
            { value: 'raw', label: t('records.raw') },
          ]}
        />
        <Button component="a" variant="default" href={file('jsonl')} download>
          {t('records.jsonl')}
        </Button>
        <Button component="a" variant="default" href={file('csv')} download>
          {t('records.csv')}
        </Button>
      </Group>
      {query.isPending && <Waiting />}
      {query.error && <ErrorPanel error={query.error} retry={() => void query.refetch()} />}
      {query.data && records.length === 0 && <Nothing title={t('records.none')} hint={t('records.none_hint')} />}
      {records.length > 0 && (
        <>
          <Text size="sm" c="dimmed" role="status">
            {t('records.shown', { count: number(records.length), total: number(total) })}
          </Text>
          <VirtualList items={records} label={t('records.tab')} estimate={160} height={600} keyOf={({ id }) => id}>
            {(record) => <RecordLine record={record} view={view} />}
          </VirtualList>
          {query.hasNextPage && (
            <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('settings.more')}
            </Button>
          )}
        </>
      )}
    </Stack>
  );
}

function RecordLine({ record, view }: { record: SyncedRecord; view: 'data' | 'raw' }) {
  const { t, time } = useText();
  const shown = view === 'data' && record.data ? record.data : record.raw;
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Badge variant="outline" color="gray">
          {record.stream}
        </Badge>
        <Text size="sm" fw={600}>
          {record.external_id}
        </Text>
        {view === 'data' && record.model && <Badge variant="light">{record.model}</Badge>}
        {record.deleted_at && (
          <Badge color="red" variant="light">
            {t('records.is_deleted')}
          </Badge>
        )}
        <Text size="xs" c="dimmed">
          {time(record.updated_at)}
        </Text>
      </Group>
      {view === 'data' && !record.data && (
        <Text size="sm" c="dimmed">
          {t('records.no_model')}
        </Text>
      )}
      <Code block>{JSON.stringify(shown, null, 2)}</Code>
    </Stack>
  );
}
