import { Badge, Button, Divider, Group, Paper, Stack, Table, Tabs, Text, Title } from '@mantine/core';
import { usePackage, usePlugins } from '../api/queries.ts';
import type { Package } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { follow } from '../navigation/link.tsx';
import { setQuery, useLocation } from '../navigation/navigate.ts';
import { Risk, State, Verified } from '../parts/badges.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Offers } from '../parts/offers.tsx';
import { Page } from '../parts/page.tsx';
import { PermissionList } from '../parts/permission-list.tsx';
import { QueryView } from '../parts/query-view.tsx';

export default function MarketplacePlugin({ places }: { places: Record<string, string> }) {
  const query = usePackage(places.name ?? '');
  return <QueryView query={query}>{(found) => <Detail found={found} />}</QueryView>;
}

function Detail({ found }: { found: Package }) {
  const { t, number } = useText();
  const { query } = useLocation();
  const installed = usePlugins().data?.plugins.find((plugin) => plugin.name === found.name);
  const to = installed ? `/plugins/${installed.id}` : `/install/${found.name}`;
  return (
    <Page
      title={found.display_name}
      lead={found.description}
      actions={
        <Button
          component="a"
          href={to}
          onClick={(event) => follow(event, to)}
          variant={installed ? 'default' : 'filled'}
        >
          {installed ? t('plugin.open_installed') : t('install.start')}
        </Button>
      }
    >
      <Group gap={6}>
        <Verified is={found.is_verified} />
        <Risk score={found.risk.score} />
        <Badge variant="light" color="gray" tt="none">
          {found.name} {found.version}
        </Badge>
        <Badge variant="light" color="gray" tt="none">
          {t('plugin.downloads', { count: number(found.download_count) })}
        </Badge>
      </Group>
      <Tabs value={query.get('tab') ?? 'readme'} onChange={(tab) => setQuery({ tab: tab === 'readme' ? null : tab })}>
        <Tabs.List>
          <Tabs.Tab value="readme">{t('plugin.readme')}</Tabs.Tab>
          <Tabs.Tab value="permissions">{t('plugin.permissions')}</Tabs.Tab>
          <Tabs.Tab value="offers">{t('plugin.offers')}</Tabs.Tab>
          <Tabs.Tab value="changelog">{t('plugin.changelog')}</Tabs.Tab>
          <Tabs.Tab value="versions">{t('plugin.versions')}</Tabs.Tab>
        </Tabs.List>
        <Paper withBorder p="lg" mt="md">
          <Tabs.Panel value="readme">
            {found.readme ? <Markdown text={found.readme} /> : <Nothing title={t('plugin.no_readme')} />}
          </Tabs.Panel>
          <Tabs.Panel value="permissions">
            <Stack>
              <PermissionList permissions={found.permissions_asked} />
              <Divider />
              <Title order={2} size="h5">
                {t('plugin.risk_why')}
              </Title>
              {found.risk.points.length === 0 && <Text c="dimmed">{t('plugin.risk_none')}</Text>}
              {found.risk.points.map(({ points, why }) => (
                <Text key={why} size="sm">
                  +{points} {why}
                </Text>
              ))}
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="offers">
            <Offers manifest={found.manifest} />
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

function Versions({ versions }: { versions: Package['versions'] }) {
  const { t, time } = useText();
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('plugin.version')}</Table.Th>
          <Table.Th>{t('plugin.published')}</Table.Th>
          <Table.Th>{t('plugin.state')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {versions.map((one) => (
          <Table.Tr key={one.version}>
            <Table.Td>{one.version}</Table.Td>
            <Table.Td>{time(one.published_at)}</Table.Td>
            <Table.Td>
              <State of={one.state} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
