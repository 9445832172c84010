import { Badge, Code, Table } from '@mantine/core';
import { useLogs } from '../../api/queries.ts';
import type { LogLine, Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { QueryView } from '../../parts/query-view.tsx';

const colours: Record<string, string> = { error: 'red', warn: 'orange', info: 'blue', debug: 'gray' };

/** What a plugin logged, the newest first; looked up again every few seconds. */
export function Logs({ plugin }: { plugin: Plugin }) {
  const { t, time } = useText();
  const showLine = (line: LogLine, key: number) => (
    <Table.Tr key={key}>
      <Table.Td w={180}>{time(line.at)}</Table.Td>
      <Table.Td w={90}>
        <Badge color={colours[line.level] ?? 'gray'} variant="light">
          {line.level}
        </Badge>
      </Table.Td>
      <Table.Td>
        {line.message} {line.fields && <Code>{JSON.stringify(line.fields)}</Code>}
      </Table.Td>
    </Table.Tr>
  );
  const query = useLogs(plugin.id);
  return (
    <QueryView query={query}>
      {({ logs }) =>
        logs.length === 0 ? (
          <Nothing title={t('logs.none')} hint={t('logs.none_hint')} />
        ) : (
          <Table.ScrollContainer minWidth={480}>
            <Table>
              <Table.Tbody>{logs.map(showLine)}</Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
      }
    </QueryView>
  );
}
