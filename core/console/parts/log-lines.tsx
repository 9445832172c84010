import { Badge, Code, Group, Text } from '@mantine/core';
import type { LogLine } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { useNames } from './names.ts';
import { VirtualList } from './virtual-list.tsx';

const colours: Record<string, string> = { error: 'red', warn: 'orange', info: 'blue', debug: 'gray' };

/** Lines that a plugin logged, however many. */
export function LogLines({ lines }: { lines: LogLine[] }) {
  const { t, moment } = useText();
  const names = useNames();
  return (
    <VirtualList
      items={lines}
      label={t('plugin.logs')}
      keyOf={(line, index) => `${line.invocation_id} ${line.at} ${lines.length - index}`}
    >
      {(line) => (
        // On a phone the text has a row of its own.
        <Group gap="sm" align="baseline">
          <Text size="xs" c="dimmed" w={200} flex="none">
            {moment(line.at)}
          </Text>
          <Badge color={colours[line.level] ?? 'gray'} variant="light" flex="none">
            {names.level(line.level)}
          </Badge>
          <Text size="sm" flex="1 1 240px">
            {line.message} {line.fields && <Code>{JSON.stringify(line.fields)}</Code>}
          </Text>
          {line.invocation_id && (
            <Link to={`/invocations/${line.invocation_id}`} size="xs" flex="none">
              {line.handler ?? line.invocation_id}
            </Link>
          )}
        </Group>
      )}
    </VirtualList>
  );
}
