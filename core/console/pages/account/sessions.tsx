import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import type { Session } from '../../api/people-types.ts';
import { useResource } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { Section } from '../../parts/section.tsx';
import { deviceWords } from './device-words.ts';

/** Each place where the reader is signed in; one can be ended, or all but this. */
export function Sessions() {
  const { t, time } = useText();
  const found = useResource<{ sessions: Session[] }>('/auth/sessions');
  const end = useChange((id?: string) => request('DELETE', '/auth/sessions', { query: { id } }));
  const kinds = {
    browser: t('account.kind_browser'),
    device: t('account.kind_device'),
    tokens: t('account.kind_tokens'),
  };
  const wordsOf = (user_agent: string) => {
    const { browser, system } = deviceWords(user_agent);
    return browser && system ? t('account.on', { browser, system }) : (browser ?? system ?? user_agent);
  };
  return (
    <Section title={t('account.sessions')}>
      {end.error && <ErrorPanel error={end.error} />}
      <QueryView query={found}>
        {({ sessions }) => (
          <Stack align="flex-start">
            <Table.ScrollContainer minWidth={560} w="100%">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('account.where')}</Table.Th>
                    <Table.Th>{t('account.used')}</Table.Th>
                    <Table.Th>{t('keys.actions')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {sessions.map((one) => (
                    <Table.Tr key={one.id}>
                      <Table.Td>
                        <Group gap="xs">
                          <Text size="sm">
                            {kinds[one.kind]} · {one.address}
                          </Text>
                          {one.is_current && <Badge variant="light">{t('account.this')}</Badge>}
                        </Group>
                        <Text size="xs" c="dimmed" title={one.user_agent} style={{ overflowWrap: 'anywhere' }}>
                          {wordsOf(one.user_agent)}
                        </Text>
                      </Table.Td>
                      <Table.Td style={{ whiteSpace: 'nowrap' }}>{time(one.last_used_at)}</Table.Td>
                      <Table.Td>
                        {!one.is_current && (
                          <Button
                            size="xs"
                            variant="default"
                            aria-label={t('account.end_of', { where: `${kinds[one.kind]} ${one.id}` })}
                            onClick={() => end.mutate(one.id)}
                          >
                            {t('account.end')}
                          </Button>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            {sessions.length > 1 && (
              <Button variant="default" loading={end.isPending} onClick={() => end.mutate(undefined)}>
                {t('account.end_others')}
              </Button>
            )}
          </Stack>
        )}
      </QueryView>
    </Section>
  );
}
