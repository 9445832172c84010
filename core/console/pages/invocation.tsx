import { Alert, Code, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useInvocation } from '../api/queries.ts';
import type { InvocationDetail } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { State } from '../parts/badges.tsx';
import { Copy } from '../parts/copy.tsx';
import { LogLines } from '../parts/log-lines.tsx';
import { useNames } from '../parts/names.ts';
import { Page } from '../parts/page.tsx';
import { PageView } from '../parts/query-view.tsx';
import { Waterfall } from './invocation/waterfall.tsx';

export default function Invocation({ places }: { places: Record<string, string> }) {
  const query = useInvocation(places.id ?? '');
  return <PageView query={query}>{(one) => <Detail one={one} />}</PageView>;
}

/** One call into a plugin: what went in and came out, what it did meanwhile, and how to run it again at home. */
function Detail({ one }: { one: InvocationDetail }) {
  const { t, moment, number, say } = useText();
  const names = useNames();
  const kb = (bytes: number | undefined) => t('plugin.kilobytes', { count: number(Math.ceil((bytes ?? 0) / 1024)) });
  const facts: [string, React.ReactNode][] = [
    [t('plugin.state'), <State key="state" of={one.status} />],
    [t('plugin.version'), `${one.plugin} ${one.version}${one.is_canary ? ` · ${t('version.trial')}` : ''}`],
    [t('invocations.started'), moment(one.started_at)],
    [t('invocations.duration'), t('invocations.ms', { ms: number(Math.round(one.duration_ms ?? 0)) })],
    [t('invocations.cpu'), t('invocations.ms', { ms: number(Math.round(one.cpu_ms ?? 0)) })],
    [t('invocations.memory'), kb(one.heap_bytes)],
    [t('invocations.cause'), say(one.cause?.label ?? one.cause?.kind ?? '–')],
    [t('invocations.attempt'), number(one.attempt ?? 1)],
  ];
  return (
    <Page
      title={one.handler}
      lead={one.plugin_id && <Link to={`/plugins/${one.plugin_id}?tab=invocations`}>{one.plugin}</Link>}
    >
      {one.error && (
        <Alert color="red" variant="light" title={names.failure(one.error.type)}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {say(one.error.message)}
          </Text>
          {one.error.stack && (
            <Code block mt="xs" tabIndex={0}>
              {one.error.stack}
            </Code>
          )}
        </Alert>
      )}
      <Paper withBorder p="lg">
        <Table>
          <Table.Tbody>
            {facts.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" w={{ base: 110, sm: 200 }}>
                  {name}
                </Table.Th>
                <Table.Td>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      <Replay one={one} />
      <Part title={t('invocations.trace')}>
        <Waterfall one={one} />
      </Part>
      <Part title={t('invocations.input')}>
        <Code block tabIndex={0}>
          {one.input_head || '–'}
        </Code>
      </Part>
      <Part title={t('invocations.output')}>
        <Code block tabIndex={0}>
          {one.output_head || '–'}
        </Code>
      </Part>
      {one.logs.length > 0 && (
        <Part title={t('plugin.logs')}>
          <LogLines lines={one.logs} />
        </Part>
      )}
    </Page>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

/** The command that runs the call again in a sandbox on the author's machine, where it was recorded. */
function Replay({ one }: { one: InvocationDetail }) {
  const { t } = useText();
  if (!one.has_recording)
    return (
      <Text size="sm" c="dimmed">
        {t('invocations.no_recording')}
      </Text>
    );
  const command = `npx patchbay replay ${one.id}`;
  return (
    <Group>
      <Code>{command}</Code>
      <Copy text={command} label={t('invocations.copy_replay')} />
    </Group>
  );
}
