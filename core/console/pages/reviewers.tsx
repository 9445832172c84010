import { Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useResource } from '../api/queries.ts';
import type { ListedRelease } from '../api/registry-types.ts';
import type { Page as Listed } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { setQuery, useLocation } from '../navigation/navigate.ts';
import { Deprecated, State, Verified } from '../parts/badges.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { QueryView } from '../parts/query-view.tsx';

const views = {
  queue: { is_verified: 'false', state: 'published' },
  verified: { is_verified: 'true' },
  rejected: { state: 'rejected' },
  all: {},
};

/** The releases that reviewers look at; those that wait first. */
export default function Reviewers() {
  const { t } = useText();
  const { query } = useLocation();
  const view = Object.keys(views).find((one) => one === query.get('view')) ?? 'queue';
  const found = useResource<Listed<'releases', ListedRelease>>('/registry/releases', {
    ...views[view as keyof typeof views],
    page: Number(query.get('page') ?? 1),
  });
  return (
    <Page title={t('nav.reviewers')} lead={t('reviewers.lead')}>
      <NativeSelect
        maw={280}
        label={t('reviewers.show')}
        value={view}
        data={[
          { value: 'queue', label: t('reviewers.queue') },
          { value: 'verified', label: t('reviewers.verified') },
          { value: 'rejected', label: t('reviewers.rejected') },
          { value: 'all', label: t('reviewers.all') },
        ]}
        onChange={(event) =>
          setQuery({ view: event.currentTarget.value === 'queue' ? null : event.currentTarget.value, page: null })
        }
      />
      <QueryView query={found}>
        {({ releases, total, page, size }) =>
          releases.length === 0 ? (
            <Nothing title={t('reviewers.none')} hint={t('reviewers.none_hint')} />
          ) : (
            <Stack>
              <Queue releases={releases} />
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Page>
  );
}

function Queue({ releases }: { releases: ListedRelease[] }) {
  const { t, time } = useText();
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('form.name')}</Table.Th>
            <Table.Th>{t('plugin.state')}</Table.Th>
            <Table.Th>{t('reviewers.findings')}</Table.Th>
            <Table.Th>{t('reviewers.published')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {releases.map((release) => (
            <Table.Tr key={`${release.name}@${release.version}`}>
              <Table.Td>
                <Link to={`/reviewers/${release.name}?version=${encodeURIComponent(release.version)}`}>
                  {release.name} {release.version}
                </Link>
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  <State of={release.state} />
                  <Verified is={release.is_verified} />
                  {release.deprecated && <Deprecated />}
                </Group>
              </Table.Td>
              <Table.Td>
                <Text size="sm">{t('authors.findings_count', release.findings_count)}</Text>
              </Table.Td>
              <Table.Td>{time(release.published_at)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
