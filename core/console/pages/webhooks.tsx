import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useResource } from '../api/queries.ts';
import type { Page as Listed } from '../api/types.ts';
import type { Webhook } from '../api/webhook-types.ts';
import { useText } from '../language/use-text.tsx';
import { follow, Link } from '../navigation/link.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { State } from '../parts/badges.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { QueryView } from '../parts/query-view.tsx';

export default function Webhooks() {
  const { t } = useText();
  const { query } = useLocation();
  const found = useResource<Listed<'webhooks', Webhook>>('/webhooks', { page: Number(query.get('page') ?? 1) });
  const add = (
    <Button component="a" href="/webhooks/new" onClick={(event) => follow(event, '/webhooks/new')}>
      {t('webhooks.new')}
    </Button>
  );
  return (
    <Page title={t('nav.webhooks')} lead={t('webhooks.lead')} actions={add}>
      <QueryView query={found}>
        {({ webhooks, total, page, size }) =>
          webhooks.length === 0 ? (
            <Nothing title={t('webhooks.none')} hint={t('webhooks.none_hint')} />
          ) : (
            <Stack>
              <Listing webhooks={webhooks} />
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Page>
  );
}

function Listing({ webhooks }: { webhooks: Webhook[] }) {
  const { t, time, number } = useText();
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('form.name')}</Table.Th>
            <Table.Th>{t('webhooks.state')}</Table.Th>
            <Table.Th>{t('webhooks.last')}</Table.Th>
            <Table.Th>{t('webhooks.deliveries')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {webhooks.map((webhook) => (
            <Table.Tr key={webhook.id}>
              <Table.Td>
                <Link to={`/webhooks/${webhook.id}`}>{webhook.name}</Link>
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {webhook.url}
                </Text>
              </Table.Td>
              <Table.Td>
                <Group gap={6}>
                  <State of={webhook.is_active ? 'active' : 'inactive'} />
                </Group>
                {webhook.disabled_reason && (
                  <Text size="xs" c="dimmed">
                    {webhook.disabled_reason}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{time(webhook.last_triggered_at)}</Table.Td>
              <Table.Td>
                {t('webhooks.counts', { good: number(webhook.success_count), bad: number(webhook.failure_count) })}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
