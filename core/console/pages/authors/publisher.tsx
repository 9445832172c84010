import { Badge, Group, Stack, Table } from '@mantine/core';
import { useResource } from '../../api/queries.ts';
import type { ListedRelease, Publisher } from '../../api/registry-types.ts';
import type { Page as Listed } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { Link } from '../../navigation/link.tsx';
import { useLocation } from '../../navigation/navigate.ts';
import { Deprecated, State, Verified } from '../../parts/badges.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { PageView, QueryView } from '../../parts/query-view.tsx';
import { Section } from '../../parts/section.tsx';
import { Keys } from './keys.tsx';
import { PublisherMembers } from './publisher-members.tsx';
import { Upload } from './upload.tsx';

/** One publisher: what it published, and who and which keys may publish there. */
export function PublisherPage({ name }: { name: string }) {
  const { t } = useText();
  const publisher = useResource<Publisher>(`/registry/publishers/${encodeURIComponent(name)}`);
  return (
    <PageView query={publisher}>
      {(shown) => (
        <Page
          title={shown.display_name}
          lead={
            <Group gap={6}>
              <Link to="/authors">{t('authors.home')}</Link>
              <span>· {shown.name}</span>
              {shown.origin && <Badge>{shown.origin}</Badge>}
            </Group>
          }
        >
          <Releases publisher={name} />
          <Upload />
          <Keys publisher={shown} />
          <PublisherMembers name={name} />
        </Page>
      )}
    </PageView>
  );
}

function Releases({ publisher }: { publisher: string }) {
  const { t, time, number } = useText();
  const { query } = useLocation();
  const found = useResource<Listed<'releases', ListedRelease>>('/registry/releases', {
    publisher,
    page: Number(query.get('page') ?? 1),
  });
  return (
    <Section title={t('authors.packages')}>
      <QueryView query={found}>
        {({ releases, total, page, size }) =>
          releases.length === 0 ? (
            <Nothing title={t('authors.packages_none')} />
          ) : (
            <Stack>
              <Table.ScrollContainer minWidth={640}>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('form.name')}</Table.Th>
                      <Table.Th>{t('plugin.state')}</Table.Th>
                      <Table.Th>{t('authors.findings')}</Table.Th>
                      <Table.Th>{t('authors.downloads')}</Table.Th>
                      <Table.Th>{t('reviewers.published')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {releases.map((release) => (
                      <Table.Tr key={`${release.name}@${release.version}`}>
                        <Table.Td>
                          <Link to={`/authors/${release.name}`}>
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
                        <Table.Td>{t('authors.findings_count', release.findings_count)}</Table.Td>
                        <Table.Td>{number(release.download_count)}</Table.Td>
                        <Table.Td>{time(release.published_at)}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Section>
  );
}
