import { Badge, Stack, Table, Text } from '@mantine/core';
import { useIntegrationLogs } from '../../api/queries.ts';
import type { Integration } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { useLocation } from '../../navigation/navigate.ts';
import { useNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Pager } from '../../parts/pager.tsx';
import { QueryView } from '../../parts/query-view.tsx';

/** What happened to an account: connected, refreshed, used, failed. */
export function Log({ integration }: { integration: Integration }) {
  const { t, time } = useText();
  const names = useNames();
  const { query: place } = useLocation();
  const query = useIntegrationLogs(integration.id, { page: Number(place.get('page') ?? 1) });
  return (
    <QueryView query={query}>
      {({ logs, total, page, size }) =>
        logs.length === 0 ? (
          <Nothing title={t('integrations.no_log')} />
        ) : (
          <Stack>
            <Table.ScrollContainer minWidth={520}>
              <Table>
                <Table.Tbody>
                  {logs.map((line) => (
                    <Table.Tr key={line.id}>
                      <Table.Td w={180}>{time(line.created_at)}</Table.Td>
                      <Table.Td w={160}>
                        <Badge color={line.level === 'error' ? 'red' : 'blue'} variant="light">
                          {names.line(line.action)}
                        </Badge>
                      </Table.Td>
                      <Table.Td style={{ overflowWrap: 'anywhere' }}>
                        {line.message}
                        {line.actor && (
                          <Text size="xs" c="dimmed">
                            {line.actor}
                          </Text>
                        )}
                      </Table.Td>
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
  );
}
