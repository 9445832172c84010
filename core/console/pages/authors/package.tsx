import { Card, Group, Progress, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useResource } from '../../api/queries.ts';
import type { PackageStats, Release } from '../../api/registry-types.ts';
import type { Listing } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { Link } from '../../navigation/link.tsx';
import { useNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { PageView, QueryView } from '../../parts/query-view.tsx';
import { Section } from '../../parts/section.tsx';
import { OwnRelease } from './own-release.tsx';

/** A package as its authors see it: how it is used, where it fails, and its releases. */
export function PackagePage({ name }: { name: string }) {
  const { t } = useText();
  const path = `/registry/plugins/${encodeURIComponent(name)}`;
  const found = useResource<{ package: Listing; versions: Release[] }>(path);
  const stats = useResource<PackageStats>(`${path}/stats`);
  const publisher = name.split('/')[0] ?? '';
  return (
    <PageView query={found}>
      {({ package: listing, versions }) => (
        <Page
          title={listing.display_name}
          lead={
            <Group gap={6}>
              <Link to={`/authors/${publisher}`}>{publisher}</Link>
              <span>· {name}</span>
            </Group>
          }
        >
          <QueryView query={stats}>{(shown) => <Stats stats={shown} />}</QueryView>
          <Section title={t('authors.packages')}>
            {[...versions]
              .sort((a, b) => b.published_at.localeCompare(a.published_at))
              .map((release) => (
                <OwnRelease key={release.version} release={release} />
              ))}
          </Section>
        </Page>
      )}
    </PageView>
  );
}

function Stats({ stats }: { stats: PackageStats }) {
  const { t, number, percent } = useText();
  const downloads = Object.values(stats.downloads).reduce((sum, one) => sum + one, 0);
  const facts = [
    [t('authors.installs'), number(stats.installs)],
    [t('authors.downloads'), number(downloads)],
    [t('authors.calls'), stats.health ? number(stats.health.calls) : '–'],
    [t('authors.crash_free'), stats.health ? percent(stats.health.crash_free) : '–'],
    [t('authors.p95'), stats.health ? t('invocations.ms', { ms: number(Math.round(stats.health.p95_ms)) }) : '–'],
  ] as const;
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, md: 5 }}>
        {facts.map(([name, value]) => (
          <Card withBorder key={name}>
            <Text c="dimmed" size="sm">
              {name}
            </Text>
            <Text fz={22} fw={700}>
              {value}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
      {stats.installs > 0 && (
        <Section title={t('authors.spread')}>
          {Object.entries(stats.versions).map(([version, count]) => (
            <Stack key={version} gap={2} maw={760}>
              <Group justify="space-between">
                <Text size="sm">{version}</Text>
                <Text size="sm">{number(count)}</Text>
              </Group>
              <Progress value={(count / stats.installs) * 100} aria-label={`${version}: ${count}`} />
            </Stack>
          ))}
        </Section>
      )}
      <Section title={t('authors.errors')}>
        {stats.errors.length === 0 ? <Nothing title={t('authors.errors_none')} /> : <Errors stats={stats} />}
      </Section>
    </Stack>
  );
}

function Errors({ stats }: { stats: PackageStats }) {
  const { t, time, number, say } = useText();
  const names = useNames();
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table>
        <Table.Tbody>
          {stats.errors.map((one) => (
            <Table.Tr key={`${one.version} ${one.handler} ${one.type} ${one.message}`}>
              <Table.Td>{number(one.count)} ×</Table.Td>
              <Table.Td>
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {say(one.message)}
                </Text>
                <Text size="xs" c="dimmed">
                  {one.version} · {one.handler} · {names.failure(one.type)}
                </Text>
              </Table.Td>
              <Table.Td>{t('authors.last', { time: time(one.last_at) })}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
