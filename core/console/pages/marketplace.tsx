import { Grid, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useMarketplace } from '../api/queries.ts';
import { useText } from '../language/use-text.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { useTyped } from '../navigation/use-typed.ts';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { PluginCard } from '../parts/plugin-card.tsx';
import { QueryView } from '../parts/query-view.tsx';
import { Facets, facetNames, sortOf } from './marketplace/facets.tsx';

export default function Marketplace() {
  const { t, number } = useText();
  const { query } = useLocation();
  const [search, setSearch] = useTyped('search');
  const chosen = Object.fromEntries(facetNames.map((name) => [name, query.get(name) ?? undefined]));
  const found = useMarketplace({
    ...chosen,
    search: query.get('search') ?? undefined,
    sort_by: sortOf(query),
    page: Number(query.get('page') ?? 1),
  });
  return (
    <Page title={t('marketplace.title')} lead={t('marketplace.lead')}>
      <TextInput
        type="search"
        label={t('marketplace.search')}
        placeholder={t('marketplace.search_hint')}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 3 }}>
          <Facets facets={found.data?.facets ?? {}} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 9 }}>
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
        </Grid.Col>
      </Grid>
    </Page>
  );
}
