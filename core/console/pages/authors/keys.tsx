import { Button, Group, Paper, Stack, Table, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Publisher } from '../../api/registry-types.ts';
import { request } from '../../api/request.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Section } from '../../parts/section.tsx';
import { WithReason } from '../../parts/with-reason.tsx';

type Key = Publisher['keys'][number];

/** The signing keys of a publisher. The private halves never come here. */
export function Keys({ publisher }: { publisher: Publisher }) {
  const { t } = useText();
  const path = `/registry/publishers/${encodeURIComponent(publisher.name)}/keys`;
  const [text, setText] = useState('');
  const add = useChange(async () => {
    await request('POST', path, { body: { public_key: text.trim() } });
    setText('');
  });
  return (
    <Section title={t('authors.keys')}>
      {publisher.keys.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Tbody>
              {publisher.keys.map((key) => (
                <Line key={key.key_id} one={key} path={path} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Paper withBorder p="lg" maw={760}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <Stack>
            <Textarea
              required
              label={t('authors.key')}
              description={t('authors.key_hint')}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            {add.error && <ErrorPanel error={add.error} />}
            <Group>
              <Button type="submit" loading={add.isPending}>
                {t('authors.add_key')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Section>
  );
}

function Line({ one, path }: { one: Key; path: string }) {
  const { t, time } = useText();
  const revoke = useChange((reason: string) =>
    request('DELETE', `${path}/${encodeURIComponent(one.key_id)}`, { query: { reason } }),
  );
  return (
    <Table.Tr>
      <Table.Td>
        <Text ff="monospace" size="sm">
          {one.key_id}
        </Text>
        <Text ff="monospace" size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {one.public_key}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">
          {one.revoked_at
            ? t('authors.revoked', { time: time(one.revoked_at), reason: one.revoked_reason ?? '' })
            : t('authors.added', { time: time(one.added_at) })}
        </Text>
      </Table.Td>
      <Table.Td>
        {!one.revoked_at && (
          <WithReason
            label={t('authors.revoke_key')}
            title={t('authors.revoke_key_title', { key: one.key_id })}
            text={t('authors.revoke_key_confirm')}
            busy={revoke.isPending}
            error={revoke.error}
            onConfirm={(reason) => revoke.mutateAsync(reason)}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
