import { Button, Code, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useEvents } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { EventEntry } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { setQuery, useLocation } from '../navigation/navigate.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { QueryView } from '../parts/query-view.tsx';

/** The events of the workspace, newest first. The type to look for is in the address. */
export default function Events() {
  const { t } = useText();
  const { query } = useLocation();
  const [type, setType] = useState(query.get('type') ?? '');
  const ask = useDebouncedCallback((text: string) => setQuery({ type: text || null, page: null }), 400);
  const found = useEvents({ type: query.get('type') ?? undefined, page: Number(query.get('page') ?? 1) });
  return (
    <Page title={t('nav.events')} lead={t('events.lead')}>
      <TextInput
        maw={320}
        label={t('events.type')}
        placeholder="github.push"
        value={type}
        onChange={(event) => {
          setType(event.currentTarget.value);
          ask(event.currentTarget.value.trim());
        }}
      />
      <QueryView query={found}>
        {({ events, total, page, size }) =>
          events.length === 0 ? (
            <Nothing title={t('events.none')} hint={t('events.none_hint')} />
          ) : (
            <Stack>
              {events.map((event) => (
                <Entry key={event.id} event={event} />
              ))}
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Page>
  );
}

function Entry({ event }: { event: EventEntry }) {
  const { t, time } = useText();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const replay = useMutation({
    mutationFn: () =>
      request<{ webhooks_matched: number }>('POST', `/events/${encodeURIComponent(event.id)}/replay`, { body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['/events'] }),
  });
  return (
    <Paper withBorder p="sm" component="article">
      <Group justify="space-between">
        <div>
          <Text fw={600}>{event.type}</Text>
          <Text size="xs" c="dimmed">
            {time(event.occurred_at)} · {event.source.kind} · {event.id}
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
        <Code block mt="sm" tabIndex={0}>
          {JSON.stringify(event.data, null, 2)}
        </Code>
      )}
    </Paper>
  );
}
