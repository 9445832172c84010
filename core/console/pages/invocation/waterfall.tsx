import { Table, Text } from '@mantine/core';
import type { InvocationDetail } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';

/** When each host call of a call began and how long it took, on one line of time. */
export function Waterfall({ one }: { one: InvocationDetail }) {
  const { t, number } = useText();
  const whole = Math.max(1, one.duration_ms ?? 0, ...one.host_calls.map(({ at_ms = 0, ms }) => at_ms + ms));
  if (one.host_calls.length === 0) return <Text c="dimmed">{t('invocations.no_host_calls')}</Text>;
  const showCall = (call: InvocationDetail['host_calls'][number], key: number) => (
    <Table.Tr key={key}>
      <Table.Td miw={130}>
        <Text size="sm" fw={600}>
          {call.op}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {call.detail}
        </Text>
      </Table.Td>
      <Table.Td w="45%">
        <div className="waterfall">
          <span
            className={call.ok ? '' : 'failed'}
            style={{ insetInlineStart: `${((call.at_ms ?? 0) / whole) * 100}%`, width: `${(call.ms / whole) * 100}%` }}
          />
        </div>
      </Table.Td>
      <Table.Td>
        {t('invocations.from', { at: number(Math.round((call.at_ms ?? 0) * 10) / 10), ms: number(call.ms) })}
        {!call.ok && (
          <Text size="xs" c="red">
            {t('state.failed')}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('measured.host_calls')}</Table.Th>
            <Table.Th>{t('invocations.when')}</Table.Th>
            <Table.Th>{t('invocations.duration')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{one.host_calls.map(showCall)}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
