import { Group, Table, Text } from '@mantine/core';
import type { Package } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { Deprecated, State, Verified } from '../../parts/badges.tsx';

/** Every release, the latest first. */
export function Versions({ versions }: { versions: Package['versions'] }) {
  const { t, time, number, say } = useText();
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('plugin.version')}</Table.Th>
            <Table.Th>{t('plugin.published')}</Table.Th>
            <Table.Th>{t('plugin.state')}</Table.Th>
            <Table.Th>{t('plugin.size')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((one) => (
            <Table.Tr key={one.version}>
              <Table.Td>{one.version}</Table.Td>
              <Table.Td>{time(one.published_at)}</Table.Td>
              <Table.Td>
                <Group gap={6}>
                  <State of={one.state} />
                  <Verified is={one.is_verified ?? false} />
                  {one.deprecated && <Deprecated />}
                </Group>
                {(one.state_reason || one.deprecated) && (
                  <Text size="xs" c="dimmed">
                    {one.state_reason ? say(one.state_reason) : one.deprecated?.reason}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{t('plugin.kilobytes', { count: number(Math.ceil((one.size ?? 0) / 1024)) })}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
