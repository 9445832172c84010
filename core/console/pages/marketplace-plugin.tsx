import { Alert, Badge, Button, Group, Paper, Stack, Tabs } from '@mantine/core';
import { usePackage, usePlugins } from '../api/queries.ts';
import type { Package } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { follow, Link } from '../navigation/link.tsx';
import { setQuery, useLocation } from '../navigation/navigate.ts';
import { Nothing } from '../parts/nothing.tsx';
import { Offers } from '../parts/offers.tsx';
import { Page } from '../parts/page.tsx';
import { PermissionList } from '../parts/permission-list.tsx';
import { ListingBadges } from '../parts/plugin-card.tsx';
import { PluginIcon } from '../parts/plugin-icon.tsx';
import { PageView } from '../parts/query-view.tsx';
import { Health } from './marketplace-plugin/health.tsx';
import { Links } from './marketplace-plugin/links.tsx';
import { Reviews } from './marketplace-plugin/reviews.tsx';
import { RiskWhy } from './marketplace-plugin/risk-why.tsx';
import { Screenshots } from './marketplace-plugin/screenshots.tsx';
import { Versions } from './marketplace-plugin/versions.tsx';

export default function MarketplacePlugin({ places }: { places: Record<string, string> }) {
  const query = usePackage(places.name ?? '');
  return <PageView query={query}>{(found) => <Detail found={found} />}</PageView>;
}

function Detail({ found }: { found: Package }) {
  const { t, number } = useText();
  const { query } = useLocation();
  const plugins = usePlugins();
  const installed = plugins.data?.plugins.find((plugin) => plugin.name === found.name);
  const to = installed ? `/plugins/${installed.id}` : `/install/${found.name}`;
  return (
    <Page
      title={found.display_name}
      lead={found.description}
      actions={
        (installed || found.version) &&
        // Until it is known whether it is installed, neither would be right; its place is kept, lest the page jump.
        (plugins.isPending ? (
          <Button variant="default" loading>
            {t('install.start')}
          </Button>
        ) : (
          <Button
            component="a"
            href={to}
            onClick={(event) => follow(event, to)}
            variant={installed ? 'default' : 'filled'}
          >
            {installed ? t('plugin.open_installed') : t('install.start')}
          </Button>
        ))
      }
    >
      <Group gap={6}>
        <PluginIcon name={found.name} icon={found.icon} size={28} />
        <ListingBadges plugin={found} />
        <Badge variant="light" color="gray">
          {found.name} {found.version}
        </Badge>
        <Badge variant="light" color="gray">
          {t('plugin.downloads', { count: number(found.download_count) })}
        </Badge>
        <Link to={`/publishers/${found.publisher}`} size="sm">
          {t('plugin.by', { name: found.publisher })}
        </Link>
      </Group>
      {found.block_reason && (
        <Alert color="red" variant="light" title={t('state.blocked')}>
          {found.block_reason}
        </Alert>
      )}
      <Tabs
        value={query.get('tab') ?? 'readme'}
        onChange={(tab) => setQuery({ tab: tab === 'readme' ? null : tab })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="readme">{t('plugin.readme')}</Tabs.Tab>
          <Tabs.Tab value="permissions">{t('plugin.permissions')}</Tabs.Tab>
          <Tabs.Tab value="offers">{t('plugin.offers')}</Tabs.Tab>
          <Tabs.Tab value="reviews">{t('plugin.reviews', { count: number(found.review_count) })}</Tabs.Tab>
          <Tabs.Tab value="changelog">{t('plugin.changelog')}</Tabs.Tab>
          <Tabs.Tab value="versions">{t('plugin.versions')}</Tabs.Tab>
        </Tabs.List>
        <Paper withBorder p="lg" mt="md">
          <Tabs.Panel value="readme">
            <Stack>
              <Screenshots found={found} />
              {found.readme ? <Markdown text={found.readme} /> : <Nothing title={t('plugin.no_readme')} />}
              <Links found={found} />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="permissions">
            <Stack gap="lg">
              <PermissionList permissions={found.permissions_asked} />
              <RiskWhy risk={found.risk} />
              <Health health={found.health} />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="offers">
            <Offers manifest={found.manifest} />
          </Tabs.Panel>
          <Tabs.Panel value="reviews">
            <Reviews found={found} isInstalled={plugins.isPending ? null : installed !== undefined} />
          </Tabs.Panel>
          <Tabs.Panel value="changelog">
            {found.changelog ? <Markdown text={found.changelog} /> : <Nothing title={t('plugin.no_changelog')} />}
          </Tabs.Panel>
          <Tabs.Panel value="versions">
            <Versions versions={found.versions} />
          </Tabs.Panel>
        </Paper>
      </Tabs>
    </Page>
  );
}
