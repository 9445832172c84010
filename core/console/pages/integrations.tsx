import { Alert, Button, NativeSelect, Stack, Table } from '@mantine/core';
import { useIntegrations } from '../api/queries.ts';
import { useText } from '../language/use-text.tsx';
import { follow, Link } from '../navigation/link.tsx';
import { setQuery, useLocation } from '../navigation/navigate.ts';
import { State } from '../parts/badges.tsx';
import { CameBack } from '../parts/came-back.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { QueryView } from '../parts/query-view.tsx';
import { useTypeNames } from '../parts/type-names.ts';

export default function Integrations() {
  return (
    <CameBack>
      <List />
    </CameBack>
  );
}

function List() {
  const { t, time, say } = useText();
  const typeName = useTypeNames();
  const { query } = useLocation();
  // A sign-in that failed at the vendor ends here, with the reason in the address.
  const refused = query.get('error');
  const found = useIntegrations({
    page: Number(query.get('page') ?? 1),
    status: refused ? undefined : (query.get('status') ?? undefined),
  });
  const add = (
    <Button component="a" href="/integrations/new" onClick={(event) => follow(event, '/integrations/new')}>
      {t('integrations.add')}
    </Button>
  );
  return (
    <Page title={t('nav.integrations')} lead={t('integrations.lead')} actions={add}>
      {refused && (
        <Alert color="red" variant="light" title={t('integrations.refused')}>
          {say(refused)}
        </Alert>
      )}
      <NativeSelect
        maw={240}
        label={t('plugin.state')}
        value={refused ? '' : (query.get('status') ?? '')}
        data={[
          { value: '', label: t('integrations.all') },
          { value: 'active', label: t('integrations.active') },
          { value: 'inactive', label: t('integrations.inactive') },
          { value: 'error', label: t('integrations.error') },
          { value: 'pending_setup', label: t('integrations.pending_setup') },
        ]}
        onChange={(event) => setQuery({ status: event.currentTarget.value || null, page: null, error: null })}
      />
      <QueryView query={found}>
        {({ integrations, total, page, size }) =>
          integrations.length === 0 ? (
            <Nothing title={t('integrations.none')} hint={t('integrations.none_hint')} />
          ) : (
            <Stack>
              <Table.ScrollContainer minWidth={560}>
                <Table highlightOnHover>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('form.name')}</Table.Th>
                      <Table.Th>{t('integrations.type')}</Table.Th>
                      <Table.Th>{t('plugin.state')}</Table.Th>
                      <Table.Th>{t('integrations.last_sync')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {integrations.map((one) => (
                      <Table.Tr key={one.id}>
                        <Table.Td>
                          <Link to={`/integrations/${one.id}`}>{one.name}</Link>
                        </Table.Td>
                        <Table.Td>{typeName(one.integration_type)}</Table.Td>
                        <Table.Td>
                          <State of={one.status} />
                        </Table.Td>
                        <Table.Td>{time(one.last_sync_at)}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Page>
  );
}
