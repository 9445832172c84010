import { Alert, Group, NativeSelect, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { useLive } from '../../api/live.ts';
import { useLogs } from '../../api/queries.ts';
import type { LogLine, Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { LogLines } from '../../parts/log-lines.tsx';
import { useNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { QueryView } from '../../parts/query-view.tsx';

/** Older lines of a page that is left open are let go, so that it does not grow for ever. */
const mostLive = 5_000;

/** What a plugin logged, the newest first, and what it logs while one looks. */
export function Logs({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  const names = useNames();
  const [level, setLevel] = useState('debug');
  const [isLive, setLive] = useState(true);
  const [fresh, setFresh] = useState<LogLine[]>([]);
  const query = useLogs(plugin.id, { level, size: 100 });
  const isOpen = useLive(isLive ? `/plugins/${plugin.id}/logs?level=${level}` : null, 'log', (data) =>
    setFresh((before) => [data as LogLine, ...before].slice(0, mostLive)),
  );
  return (
    <Stack>
      <Group align="flex-end">
        <NativeSelect
          label={t('logs.level')}
          value={level}
          data={['debug', 'info', 'warn', 'error'].map((value) => ({ value, label: names.level(value) }))}
          onChange={(event) => {
            setLevel(event.currentTarget.value);
            setFresh([]);
          }}
        />
        <Switch
          pb={8}
          label={t('logs.live')}
          checked={isLive}
          onChange={(event) => setLive(event.currentTarget.checked)}
        />
        <Text size="sm" c="dimmed" pb={8} role="status">
          {isLive ? (isOpen ? t('logs.listening') : t('logs.connecting')) : t('logs.stopped')}
        </Text>
      </Group>
      <QueryView query={query}>
        {({ logs }) => {
          const lines = joined(fresh, logs);
          return lines.length === 0 ? (
            <Nothing title={t('logs.none')} hint={t('logs.none_hint')} />
          ) : (
            <>
              <LogLines lines={lines} />
              {logs.length === 100 && <Alert variant="light">{t('logs.newest')}</Alert>}
            </>
          );
        }}
      </QueryView>
    </Stack>
  );
}

/** A line that came live may be among the stored ones too by now. */
function joined(fresh: LogLine[], stored: LogLine[]): LogLine[] {
  const keyOf = (line: LogLine) => `${line.invocation_id} ${line.at} ${line.message} ${JSON.stringify(line.fields)}`;
  const known = new Set(stored.map(keyOf));
  return [...fresh.filter((line) => !known.has(keyOf(line))), ...stored];
}
