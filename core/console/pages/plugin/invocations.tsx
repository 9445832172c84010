import { NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useInvocations } from '../../api/queries.ts';
import type { Invocation, Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { Link } from '../../navigation/link.tsx';
import { setQuery, useLocation } from '../../navigation/navigate.ts';
import { State } from '../../parts/badges.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { Pager } from '../../parts/pager.tsx';
import { QueryView } from '../../parts/query-view.tsx';

/** The last calls into a plugin; each leads to its trace. */
export function Invocations({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  const { query: place } = useLocation();
  const query = useInvocations(plugin.id, {
    status: place.get('status') ?? undefined,
    page: Number(place.get('page') ?? 1),
  });
  return (
    <Stack>
      <NativeSelect
        maw={220}
        label={t('plugin.state')}
        value={place.get('status') ?? ''}
        data={[
          { value: '', label: t('invocations.all') },
          { value: 'succeeded', label: t('state.succeeded') },
          { value: 'failed', label: t('state.failed') },
          { value: 'timed_out', label: t('state.timed_out') },
        ]}
        onChange={(event) => setQuery({ status: event.currentTarget.value || null, page: null })}
      />
      <QueryView query={query}>
        {({ invocations, total, page, size }) =>
          invocations.length === 0 ? (
            <Nothing title={t('invocations.none')} />
          ) : (
            <Stack>
              <Calls invocations={invocations} />
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Stack>
  );
}

function Calls({ invocations }: { invocations: Invocation[] }) {
  const { t, moment, number, say } = useText();
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('invocations.handler')}</Table.Th>
            <Table.Th>{t('plugin.state')}</Table.Th>
            <Table.Th>{t('invocations.started')}</Table.Th>
            <Table.Th>{t('invocations.duration')}</Table.Th>
            <Table.Th>{t('invocations.cpu')}</Table.Th>
            <Table.Th>{t('measured.host_calls')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {invocations.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Link to={`/invocations/${one.id}`}>{one.handler}</Link>
                {one.error && (
                  <Text size="xs" c="dimmed">
                    {say(one.error.message)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <State of={one.status} />
              </Table.Td>
              <Table.Td>{moment(one.started_at)}</Table.Td>
              <Table.Td>{t('invocations.ms', { ms: number(Math.round(one.duration_ms ?? 0)) })}</Table.Td>
              <Table.Td>{t('invocations.ms', { ms: number(Math.round(one.cpu_ms ?? 0)) })}</Table.Td>
              <Table.Td>{number(one.host_call_count ?? 0)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
