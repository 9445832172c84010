import { Anchor, Badge, Card, Group, NativeSelect, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useMarketplace } from '../api/queries.ts';
import type { Listing } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { follow } from '../navigation/link.tsx';
import { setQuery, useLocation } from '../navigation/navigate.ts';
import { Risk, Verified } from '../parts/badges.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { PluginIcon } from '../parts/plugin-icon.tsx';
import { QueryView } from '../parts/query-view.tsx';

export default function Marketplace() {
  const { t, number } = useText();
  const { query } = useLocation();
  const [search, setSearch] = useState(query.get('search') ?? '');
  const ask = useDebouncedCallback((text: string) => setQuery({ search: text || null, page: null }), 200);
  const found = useMarketplace({
    search: query.get('search') ?? undefined,
    sort_by: query.get('sort_by') ?? (query.get('search') ? 'relevance' : 'downloads'),
    verified: query.get('verified') ?? undefined,
    page: Number(query.get('page') ?? 1),
  });
  return (
    <Page title={t('marketplace.title')} lead={t('marketplace.lead')}>
      <Group align="flex-end">
        <TextInput
          type="search"
          flex={1}
          miw={220}
          label={t('marketplace.search')}
          placeholder={t('marketplace.search_hint')}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            ask(event.currentTarget.value);
          }}
        />
        <NativeSelect
          label={t('marketplace.sort')}
          value={query.get('sort_by') ?? ''}
          onChange={(event) => setQuery({ sort_by: event.currentTarget.value || null, page: null })}
          data={[
            { value: '', label: t('marketplace.sort_best') },
            { value: 'rating', label: t('marketplace.sort_rating') },
            { value: 'downloads', label: t('marketplace.sort_downloads') },
            { value: 'updated_at', label: t('marketplace.sort_updated') },
            { value: 'name', label: t('marketplace.sort_name') },
          ]}
        />
        <Switch
          pb={8}
          label={t('marketplace.verified_only')}
          checked={query.get('verified') === 'true'}
          onChange={(event) => setQuery({ verified: event.currentTarget.checked ? 'true' : null, page: null })}
        />
      </Group>
      <QueryView query={found}>
        {({ plugins, total, page, size }) =>
          plugins.length === 0 ? (
            <Nothing title={t('marketplace.none')} hint={t('marketplace.none_hint')} />
          ) : (
            <Stack>
              <Text size="sm" c="dimmed" role="status">
                {t('marketplace.found', { count: number(total) })}
              </Text>
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
    </Page>
  );
}

function PluginCard({ plugin }: { plugin: Listing }) {
  const { t, number } = useText();
  const to = `/marketplace/${plugin.name}`;
  return (
    <Card withBorder className="card-link" component="article">
      <Stack gap="sm" h="100%">
        <Group wrap="nowrap" align="flex-start">
          <PluginIcon name={plugin.name} icon={plugin.icon} />
          <div>
            <Anchor href={to} fw={650} onClick={(event) => follow(event, to)}>
              {plugin.display_name}
            </Anchor>
            <Text size="xs" c="dimmed">
              {plugin.name} {plugin.version}
            </Text>
          </div>
        </Group>
        <Text size="sm" lineClamp={3} flex={1}>
          {plugin.description}
        </Text>
        <Group gap={6}>
          <Verified is={plugin.is_verified} />
          <Risk score={plugin.risk.score} />
          <Badge variant="light" color="gray" tt="none">
            {t('plugin.downloads', { count: number(plugin.download_count) })}
          </Badge>
          {plugin.review_count > 0 && (
            <Badge variant="light" color="yellow" tt="none">
              {t('plugin.rating', { rating: plugin.rating.toFixed(1), count: number(plugin.review_count) })}
            </Badge>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
