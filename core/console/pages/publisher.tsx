import { Badge, Code, Group, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useMarketplace, usePublisher } from '../api/queries.ts';
import type { Publisher as PublisherAnswer } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { PluginCard } from '../parts/plugin-card.tsx';
import { PageView, QueryView } from '../parts/query-view.tsx';

/** A namespace of the registry: who it is, what it signs with, what it publishes. */
export default function Publisher({ places }: { places: Record<string, string> }) {
  const query = usePublisher(places.name ?? '');
  return <PageView query={query}>{(publisher) => <Detail publisher={publisher} />}</PageView>;
}

function Detail({ publisher }: { publisher: PublisherAnswer }) {
  const { t, time } = useText();
  const { query } = useLocation();
  const found = useMarketplace({ publisher: publisher.name, sort_by: 'name', page: Number(query.get('page') ?? 1) });
  return (
    <Page title={publisher.display_name} lead={<Link to="/marketplace">{t('marketplace.title')}</Link>}>
      <Group gap={6}>
        <Badge variant="light" color="gray">
          {publisher.name}
        </Badge>
        {publisher.is_first_party && (
          <Badge variant="light" color="teal">
            {t('publisher.first_party')}
          </Badge>
        )}
        {publisher.origin && (
          <Badge variant="light" color="gray">
            {t('publisher.origin', { address: publisher.origin })}
          </Badge>
        )}
        <Text size="sm" c="dimmed">
          {t('publisher.since', { time: time(publisher.created_at) })}
        </Text>
      </Group>
      <QueryView query={found}>
        {({ plugins, total, page, size }) =>
          plugins.length === 0 ? (
            <Nothing title={t('publisher.none')} />
          ) : (
            <Stack>
              <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
                {plugins.map((plugin) => (
                  <PluginCard key={plugin.name} plugin={plugin} />
                ))}
              </SimpleGrid>
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
      <Keys publisher={publisher} />
    </Page>
  );
}

function Keys({ publisher }: { publisher: PublisherAnswer }) {
  const { t, time } = useText();
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        {t('publisher.keys')}
      </Title>
      {publisher.keys.length === 0 ? (
        <Text c="dimmed">{t('publisher.no_keys')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={520}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('publisher.key')}</Table.Th>
                <Table.Th>{t('publisher.added')}</Table.Th>
                <Table.Th>{t('plugin.state')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {publisher.keys.map((key) => (
                <Table.Tr key={key.key_id}>
                  <Table.Td>
                    <Code>{key.key_id}</Code>
                  </Table.Td>
                  <Table.Td>{time(key.added_at)}</Table.Td>
                  <Table.Td>
                    {key.revoked_at ? t('publisher.revoked', { time: time(key.revoked_at) }) : t('publisher.in_use')}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Paper>
  );
}
