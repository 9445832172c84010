import { Button, Group, Paper, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useResource } from '../../api/queries.ts';
import type { Page as Listed } from '../../api/types.ts';
import type { EventType } from '../../api/webhook-types.ts';
import { useText } from '../../language/use-text.tsx';
import { useLocation } from '../../navigation/navigate.ts';
import { useTyped } from '../../navigation/use-typed.ts';
import { Json } from '../../parts/json.tsx';
import { useNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Pager } from '../../parts/pager.tsx';
import { QueryView } from '../../parts/query-view.tsx';

/** Every event type that there is: of the host and of the installed plugins, with schema and sample. */
export function Catalogue() {
  const { t } = useText();
  const { query } = useLocation();
  const [search, setSearch] = useTyped('search');
  const found = useResource<Listed<'events', EventType>>('/webhooks/events', {
    page: Number(query.get('page') ?? 1),
    search: query.get('search') ?? undefined,
  });
  return (
    <Stack>
      <TextInput
        maw={360}
        type="search"
        label={t('events.search')}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <QueryView query={found}>
        {({ events, total, page, size }) =>
          events.length === 0 ? (
            <Nothing title={t('events.catalogue_none')} />
          ) : (
            <Stack gap="xs">
              {events.map((one) => (
                <Entry key={one.type} one={one} />
              ))}
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Stack>
  );
}

function Entry({ one }: { one: EventType }) {
  const { t } = useText();
  const names = useNames();
  const [open, setOpen] = useState(false);
  return (
    <Paper withBorder p="sm" component="article">
      <Group justify="space-between" wrap="nowrap">
        <div style={{ overflowWrap: 'anywhere' }}>
          <Text fw={600}>{one.type}</Text>
          <Text size="sm" c="dimmed">
            {one.plugin ? one.title : names.happening(one.type)} ·{' '}
            {one.plugin ? t('events.of_plugin', { plugin: one.plugin }) : t('events.host')}
          </Text>
        </div>
        <Button
          flex="none"
          size="xs"
          variant="default"
          aria-expanded={open}
          aria-label={t('events.type_details', { type: one.type })}
          onClick={() => setOpen(!open)}
        >
          {t('events.schema')}
        </Button>
      </Group>
      {open && (
        <SimpleGrid cols={{ base: 1, md: 2 }} mt="sm">
          <Json label={t('events.schema')} value={one.schema} />
          <Json label={t('events.sample')} value={one.sample} />
        </SimpleGrid>
      )}
    </Paper>
  );
}
