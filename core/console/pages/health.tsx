import { Card, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useHealth } from '../api/queries.ts';
import type { Health as HealthAnswer } from '../api/types.ts';
import type { TextName } from '../language/en.ts';
import { useText } from '../language/use-text.tsx';
import { State } from '../parts/badges.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { Details } from './health/details.tsx';
import { Troubles } from './health/troubles.tsx';

const barriers: Record<string, TextName> = {
  file: 'health.barrier_file',
  write: 'health.barrier_write',
  spawn: 'health.barrier_spawn',
  worker: 'health.barrier_worker',
  inspector: 'health.barrier_inspector',
  wasi: 'health.barrier_wasi',
  sqlite: 'health.barrier_sqlite',
  environment: 'health.barrier_environment',
  descriptors: 'health.barrier_descriptors',
  network: 'health.barrier_network',
  unix: 'health.barrier_unix',
  dns: 'health.barrier_dns',
  pdeathsig: 'health.barrier_pdeathsig',
};

/** What is up and what is not; a host that is ill still tells the same facts, in its refusal. */
export default function Health() {
  const { t } = useText();
  const query = useHealth();
  const ill = query.error instanceof ApiError && 'database' in query.error.content ? query.error.content : null;
  const facts = ill ? (ill as unknown as HealthAnswer) : query.data;
  return (
    <Page title={t('nav.health')} lead={t('health.lead')}>
      {query.error && <ErrorPanel error={query.error} retry={() => void query.refetch()} />}
      {facts ? (
        <Facts facts={facts}>
          {!query.error && (
            <>
              <Troubles />
              <Details />
            </>
          )}
        </Facts>
      ) : (
        !query.error && <Waiting />
      )}
    </Page>
  );
}

function Facts({ facts, children }: { facts: HealthAnswer; children: ReactNode }) {
  const { t, time, number } = useText();
  const parts = [
    [t('health.database'), facts.database],
    [t('health.cache'), facts.cache],
    [t('health.sandbox'), facts.sandbox],
  ] as const;
  const counts = [
    [t('health.plugins'), facts.plugins_installed],
    [t('health.integrations'), facts.integrations_active],
    [t('health.webhooks'), facts.webhooks_active],
  ] as const;
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {parts.map(([name, state]) => (
          <Card withBorder key={name}>
            <Group justify="space-between">
              <Text fw={600}>{name}</Text>
              <State of={state} />
            </Group>
          </Card>
        ))}
        {counts.map(([name, count]) => (
          <Card withBorder key={name}>
            <Text c="dimmed" size="sm">
              {name}
            </Text>
            <Text fz={28} fw={700}>
              {count === null ? '–' : number(count)}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
      {children}
      <Stack gap="xs">
        <Title order={2} size="h4">
          {t('health.barriers')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('health.barriers_hint')}
        </Text>
        <Table maw={560}>
          <Table.Tbody>
            {Object.entries(facts.barriers ?? {}).map(([name, holds]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{barriers[name] ? t(barriers[name]) : name.replaceAll('_', ' ')}</Table.Th>
                <Table.Td>{holds ? t('health.holds') : t('health.missing')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
      <Text size="sm" c="dimmed">
        {t('health.at', { version: facts.version, time: time(facts.timestamp) })}
      </Text>
    </Stack>
  );
}
