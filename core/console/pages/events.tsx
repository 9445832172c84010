import { Box, Button, Group, Paper, Select, Stack, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { useEvents, useResource } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { EventEntry, Page as Listed } from '../api/types.ts';
import { useChange } from '../api/use-change.ts';
import type { EventType } from '../api/webhook-types.ts';
import { useText } from '../language/use-text.tsx';
import { setQuery, useLocation } from '../navigation/navigate.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Json } from '../parts/json.tsx';
import { useNames } from '../parts/names.ts';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { QueryView } from '../parts/query-view.tsx';
import { Catalogue } from './events/catalogue.tsx';

/** The events of the workspace, newest first, and the catalogue of types. The choice is in the address. */
export default function Events() {
  const { t } = useText();
  const { query } = useLocation();
  return (
    <Page title={t('nav.events')} lead={t('events.lead')}>
      <Tabs
        keepMounted={false}
        value={query.get('tab') ?? 'recent'}
        onChange={(tab) => setQuery({ tab: tab === 'recent' ? null : tab, page: null, type: null, search: null })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="recent">{t('events.recent')}</Tabs.Tab>
          <Tabs.Tab value="types">{t('events.catalogue')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="recent">
          <Recent />
        </Tabs.Panel>
        <Tabs.Panel value="types">
          <Catalogue />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Recent() {
  const { t } = useText();
  const { query } = useLocation();
  const type = query.get('type');
  const found = useEvents({ type: type ?? undefined, page: Number(query.get('page') ?? 1) });
  const types = useResource<Listed<'events', EventType>>('/webhooks/events', { size: 100 }).data?.events ?? [];
  const titles = new Map(types.map((one) => [one.type, one.title]));
  return (
    <Stack>
      <Select
        maw={360}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('events.every') }}
        label={t('events.type')}
        placeholder={t('events.every')}
        data={[...new Set([...types.map((one) => one.type), ...(type ? [type] : [])])]}
        value={type}
        onChange={(next) => setQuery({ type: next, page: null })}
      />
      <QueryView query={found}>
        {({ events, total, page, size }) =>
          events.length === 0 ? (
            <Nothing title={t('events.none')} hint={t('events.none_hint')} />
          ) : (
            <Stack>
              {events.map((event) => (
                <Entry key={event.id} event={event} title={titles.get(event.type)} />
              ))}
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Stack>
  );
}

/** @param title what a plugin calls events of this type */
function Entry({ event, title }: { event: EventEntry; title: string | undefined }) {
  const { t, moment } = useText();
  const names = useNames();
  const told = names.happening(event.type) ?? title;
  const [open, setOpen] = useState(false);
  const replay = useChange(() =>
    request<{ webhooks_matched: number }>('POST', `/events/${encodeURIComponent(event.id)}/replay`),
  );
  return (
    <Paper withBorder p="sm" component="article">
      <Group justify="space-between">
        <div>
          <Text fw={600}>{event.type}</Text>
          <Text size="xs" c="dimmed">
            {told && `${told} · `}
            {moment(event.occurred_at)} · {names.source(event.source.kind)} · {event.id}
          </Text>
        </div>
        <Group gap="xs">
          <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t('events.hide') : t('events.show')}
          </Button>
          <Button size="xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
            {t('events.replay')}
          </Button>
        </Group>
      </Group>
      {replay.error && <ErrorPanel error={replay.error} />}
      {replay.data && (
        <Text size="sm" role="status">
          {t('events.replayed', { count: replay.data.webhooks_matched })}
        </Text>
      )}
      {open && (
        <Box mt="sm">
          <Json label={t('webhooks.sent')} value={event.data} />
        </Box>
      )}
    </Paper>
  );
}
