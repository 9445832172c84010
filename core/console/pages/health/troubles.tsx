import { Button, Group, List, SimpleGrid, Table, Text } from '@mantine/core';
import { useResource } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { Integration, Page as Listed } from '../../api/types.ts';
import { useChange } from '../../api/use-change.ts';
import type { Webhook } from '../../api/webhook-types.ts';
import { useText } from '../../language/use-text.tsx';
import { Link } from '../../navigation/link.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { useNames } from '../../parts/names.ts';
import { QueryView } from '../../parts/query-view.tsx';
import { Section } from '../../parts/section.tsx';

interface Job {
  id: string;
  kind: string;
  attempts: number;
  error: { message: string } | null;
}

/** What of this workspace needs somebody: integrations in error, webhooks that fail, jobs that were given up. */
export function Troubles() {
  const { t, say } = useText();
  const integrations = useResource<Listed<'integrations', Integration>>('/integrations', { status: 'error', size: 20 });
  const webhooks = useResource<Listed<'webhooks', Webhook & { consecutive_failures: number }>>('/webhooks', {
    size: 100,
  });
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title={t('health.in_error')}>
          <QueryView query={integrations}>
            {({ integrations: all }) =>
              all.length === 0 ? (
                <Text size="sm">{t('health.in_error_none')}</Text>
              ) : (
                <List size="sm">
                  {all.map((one) => (
                    <List.Item key={one.id}>
                      <Link to={`/integrations/${one.id}`}>{one.name}</Link>
                      {one.sync_error_message && ` – ${say(one.sync_error_message)}`}
                    </List.Item>
                  ))}
                </List>
              )
            }
          </QueryView>
        </Section>
        <Section title={t('health.failing')}>
          <QueryView query={webhooks}>
            {({ webhooks: all }) => {
              const failing = all.filter((one) => one.consecutive_failures > 0 || one.disabled_reason !== null);
              return failing.length === 0 ? (
                <Text size="sm">{t('health.failing_none')}</Text>
              ) : (
                <List size="sm">
                  {failing.map((one) => (
                    <List.Item key={one.id}>
                      <Link to={`/webhooks/${one.id}`}>{one.name}</Link>
                      {one.disabled_reason && ` – ${say(one.disabled_reason)}`}
                    </List.Item>
                  ))}
                </List>
              );
            }}
          </QueryView>
        </Section>
      </SimpleGrid>
      <DeadJobs />
    </>
  );
}

function DeadJobs() {
  const { t, say } = useText();
  const names = useNames();
  const found = useResource<Listed<'jobs', Job>>('/jobs', { state: 'dead', size: 20 }, { every_ms: 5_000 });
  const retry = useChange((id: string) => request('POST', `/jobs/${encodeURIComponent(id)}/retry`));
  // Those who may not see jobs see the rest of the page.
  if (!found.data || found.data.jobs.length === 0) return null;
  return (
    <Section title={t('health.jobs_dead')}>
      {retry.error && <ErrorPanel error={retry.error} />}
      <Table maw={900}>
        <Table.Tbody>
          {found.data.jobs.map((job) => (
            <Table.Tr key={job.id}>
              <Table.Td>{names.job(job.kind)}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{job.error && say(job.error.message)}</Table.Td>
              <Table.Td>
                <Group justify="flex-end">
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`${t('health.retry')} ${job.id}`}
                    onClick={() => retry.mutate(job.id)}
                  >
                    {t('health.retry')}
                  </Button>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
