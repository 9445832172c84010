import { Table, Text } from '@mantine/core';
import { useInvocations } from '../../api/queries.ts';
import type { Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { State } from '../../parts/badges.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { QueryView } from '../../parts/query-view.tsx';

/** The last calls into a plugin. */
export function Invocations({ plugin }: { plugin: Plugin }) {
  const { t, time, number } = useText();
  const query = useInvocations(plugin.id);
  return (
    <QueryView query={query}>
      {({ invocations }) =>
        invocations.length === 0 ? (
          <Nothing title={t('invocations.none')} />
        ) : (
          <Table.ScrollContainer minWidth={560}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('invocations.handler')}</Table.Th>
                  <Table.Th>{t('plugin.state')}</Table.Th>
                  <Table.Th>{t('invocations.started')}</Table.Th>
                  <Table.Th>{t('invocations.duration')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {invocations.map((one) => (
                  <Table.Tr key={one.id}>
                    <Table.Td>
                      {one.handler}
                      <Text size="xs" c="dimmed">
                        {one.error?.message ?? one.id}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <State of={one.status} />
                    </Table.Td>
                    <Table.Td>{time(one.started_at)}</Table.Td>
                    <Table.Td>{t('invocations.ms', { ms: number(Math.round(one.duration_ms ?? 0)) })}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
      }
    </QueryView>
  );
}
