import { Badge, Group, Stack, Text } from '@mantine/core';
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
  const { t, moment, say } = useText();
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
            <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
              {logs.map((line) => (
                <li key={line.id}>
                  <Group gap="sm" align="baseline">
                    <Text size="sm" c="dimmed" w={225}>
                      {moment(line.created_at)}
                    </Text>
                    <Badge color={line.level === 'error' ? 'red' : 'blue'} variant="light">
                      {names.line(line.action)}
                    </Badge>
                    <div style={{ flex: '1 1 240px' }}>
                      <Text size="sm">{say(line.message)}</Text>
                      {line.actor && (
                        <Text size="xs" c="dimmed">
                          {line.actor}
                        </Text>
                      )}
                    </div>
                  </Group>
                </li>
              ))}
            </Stack>
            <Pager total={total} page={page} size={size} />
          </Stack>
        )
      }
    </QueryView>
  );
}
