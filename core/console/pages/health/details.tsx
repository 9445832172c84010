import { Card, SimpleGrid, Table, Text } from '@mantine/core';
import { useResource } from '../../api/queries.ts';
import type { TextName } from '../../language/en.ts';
import { useText } from '../../language/use-text.tsx';
import { useNames } from '../../parts/names.ts';
import { Section } from '../../parts/section.tsx';

interface HealthDetails {
  sandbox: {
    processes: Record<string, number>;
    isolates: number;
    rss_bytes: number;
    calls: number;
    kills: Record<string, number>;
  };
  queues: {
    kind: string;
    ready: number;
    waiting: number;
    running: number;
    dead: number;
    oldest_ready_at: string | null;
  }[];
}

const uses: Record<string, TextName> = {
  calls: 'health.use_calls',
  jobs: 'health.use_jobs',
  solitary: 'health.use_solitary',
  standby: 'health.use_standby',
};

/** The sandbox processes and the queues, for those who may see them. */
export function Details() {
  const { t, number } = useText();
  const { data } = useResource<HealthDetails>('/health/details', {}, { every_ms: 5_000 });
  if (!data) return null;
  const { sandbox } = data;
  const facts: [string, string][] = [
    ...Object.entries(sandbox.processes).map(([use, count]): [string, string] => [
      uses[use] ? t(uses[use]) : use,
      number(count),
    ]),
    [t('health.isolates'), number(sandbox.isolates)],
    [t('health.memory'), `${number(Math.round(sandbox.rss_bytes / 1_048_576))} MB`],
    [t('health.calls'), number(sandbox.calls)],
    [t('health.kills'), number(Object.values(sandbox.kills).reduce((sum, one) => sum + one, 0))],
  ];
  return (
    <>
      <Section title={t('health.processes')}>
        <SimpleGrid cols={{ base: 2, md: 4 }}>
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
      </Section>
      <Section title={t('health.queues')}>
        {data.queues.length === 0 ? <Text size="sm">{t('health.queues_none')}</Text> : <Queues queues={data.queues} />}
      </Section>
    </>
  );
}

function Queues({ queues }: { queues: HealthDetails['queues'] }) {
  const { t, time, number } = useText();
  const names = useNames();
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table maw={900}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('health.kind')}</Table.Th>
            <Table.Th>{t('health.ready')}</Table.Th>
            <Table.Th>{t('health.waiting')}</Table.Th>
            <Table.Th>{t('health.running')}</Table.Th>
            <Table.Th>{t('health.dead')}</Table.Th>
            <Table.Th>{t('health.since')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {queues.map((queue) => (
            <Table.Tr key={queue.kind}>
              <Table.Td>{names.job(queue.kind)}</Table.Td>
              <Table.Td>{number(queue.ready)}</Table.Td>
              <Table.Td>{number(queue.waiting)}</Table.Td>
              <Table.Td>{number(queue.running)}</Table.Td>
              <Table.Td>{number(queue.dead)}</Table.Td>
              <Table.Td>{time(queue.oldest_ready_at)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
