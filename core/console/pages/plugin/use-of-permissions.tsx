import { Badge, Table, Text, Title } from '@mantine/core';
import { usePermissionReport } from '../../api/queries.ts';
import type { Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { usePermissionNames } from '../../parts/permission-list.tsx';
import { QueryView } from '../../parts/query-view.tsx';

/** What a plugin declares, beside what it was granted, used, and was refused. */
export function UseOfPermissions({ plugin }: { plugin: Plugin }) {
  const { t, time, number } = useText();
  const namesOf = usePermissionNames();
  const query = usePermissionReport(plugin.id);
  return (
    <QueryView query={query}>
      {({ declared, granted, used }) => {
        const names = [...new Set([...declared, ...granted, ...used].map(({ name }) => name))];
        if (names.length === 0) return null;
        return (
          <>
            <Title order={2} size="h5">
              {t('grants.used_title')}
            </Title>
            <Table.ScrollContainer minWidth={560}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('grants.permission')}</Table.Th>
                    <Table.Th>{t('grants.granted')}</Table.Th>
                    <Table.Th>{t('grants.used')}</Table.Th>
                    <Table.Th>{t('grants.denied')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {names.map((name) => {
                    const use = used.find((one) => one.name === name);
                    return (
                      <Table.Tr key={name}>
                        <Table.Td>
                          {namesOf([{ name }])}
                          <Text size="xs" c="dimmed">
                            {name}
                          </Text>
                        </Table.Td>
                        <Table.Td>
                          <Badge color={granted.some((one) => one.name === name) ? 'teal' : 'gray'} variant="light">
                            {granted.some((one) => one.name === name) ? t('grants.yes') : t('grants.no')}
                          </Badge>
                        </Table.Td>
                        <Table.Td>
                          {use?.used ? number(use.used) : t('grants.never')}
                          <When at={use?.last_used_at} />
                        </Table.Td>
                        <Table.Td>
                          {use?.denied ? number(use.denied) : '–'}
                          <When at={use?.last_denied_at} />
                        </Table.Td>
                      </Table.Tr>
                    );
                  })}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </>
        );
      }}
    </QueryView>
  );

  function When({ at }: { at: string | null | undefined }) {
    return at ? (
      <Text size="xs" c="dimmed">
        {time(at)}
      </Text>
    ) : null;
  }
}
