import { Badge, Group, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useResource } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { ApiKey, Page as Listed } from '../api/types.ts';
import { useChange } from '../api/use-change.ts';
import { useText } from '../language/use-text.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { State } from '../parts/badges.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { QueryView } from '../parts/query-view.tsx';
import { ForAdmins } from '../parts/role.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { NewKey } from './api-keys/new-key.tsx';

export default function ApiKeys() {
  const { t } = useText();
  return (
    <Page title={t('nav.api_keys')} lead={t('keys.lead')}>
      <ForAdmins>
        <All />
      </ForAdmins>
    </Page>
  );
}

function All() {
  const { t } = useText();
  const { query } = useLocation();
  const found = useResource<Listed<'api_keys', ApiKey>>('/api-keys', { page: Number(query.get('page') ?? 1) });
  // A key that was made just now, until the page is left.
  const [made, setMade] = useState<string | null>(null);
  return (
    <>
      {made && <ShownOnce title={t('keys.once')} text={made} />}
      <QueryView query={found}>
        {({ api_keys: keys, total, page, size }) =>
          keys.length === 0 ? (
            <Nothing title={t('keys.none')} hint={t('keys.none_hint')} />
          ) : (
            <Stack>
              <Keys keys={keys} onMade={setMade} />
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
      <NewKey onMade={setMade} />
    </>
  );
}

function Keys({ keys, onMade }: { keys: ApiKey[]; onMade(key: string): void }) {
  const { t, time, number } = useText();
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('form.name')}</Table.Th>
            <Table.Th>{t('keys.scopes')}</Table.Th>
            <Table.Th>{t('keys.last_used')}</Table.Th>
            <Table.Th>{t('keys.uses')}</Table.Th>
            <Table.Th>{t('keys.expires')}</Table.Th>
            <Table.Th>{t('keys.actions')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {key.name}
                </Text>
                <Text size="xs" c="dimmed" ff="monospace">
                  {key.prefix}…
                </Text>
                {key.status !== 'active' && <State of={key.status} />}
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  {key.scopes.map((scope) => (
                    <Badge key={scope} variant="light" color="gray">
                      {scope}
                    </Badge>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{time(key.last_used_at)}</Table.Td>
              <Table.Td>{number(key.usage_count)}</Table.Td>
              <Table.Td>{key.expires_at ? time(key.expires_at) : t('keys.never')}</Table.Td>
              <Table.Td>
                <Group gap={6} wrap="nowrap">
                  {/* One that was rotated is good for a while, but makes no other. */}
                  {key.status === 'active' && !key.rotated_to && <Rotate apiKey={key} onMade={onMade} />}
                  <Revoke apiKey={key} />
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Rotate({ apiKey, onMade }: { apiKey: ApiKey; onMade(key: string): void }) {
  const { t } = useText();
  const rotate = useChange(async () => {
    const { key } = await request<ApiKey>('POST', `/api-keys/${encodeURIComponent(apiKey.id)}/rotate`, { body: {} });
    onMade(key ?? '');
  });
  return (
    <Confirm
      label={t('keys.rotate')}
      title={t('keys.rotate_title', { name: apiKey.name })}
      text={t('keys.rotate_confirm')}
      color="cyan"
      size="xs"
      busy={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutateAsync()}
    />
  );
}

function Revoke({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useText();
  const revoke = useChange(() => request('DELETE', `/api-keys/${encodeURIComponent(apiKey.id)}`));
  return (
    <Confirm
      label={t('keys.revoke')}
      title={t('keys.revoke_title', { name: apiKey.name })}
      text={t('keys.revoke_confirm')}
      size="xs"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutateAsync()}
    />
  );
}
