import { NativeSelect, Stack, Table, Text } from '@mantine/core';
import { type Member, type Role, roles } from '../api/people-types.ts';
import { useMe, useResource } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { Page as Listed } from '../api/types.ts';
import { useChange } from '../api/use-change.ts';
import { useText } from '../language/use-text.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { QueryView } from '../parts/query-view.tsx';
import { useIsAtLeast } from '../parts/role.tsx';
import { Section } from '../parts/section.tsx';
import { Invitations } from './members/invitations.tsx';
import { useRoleWords } from './members/role-words.ts';

export default function Members() {
  const { t } = useText();
  const me = useMe().data;
  const isAdmin = useIsAtLeast('admin');
  return (
    <Page title={t('nav.members')} lead={t('members.lead')}>
      {me?.workspace_id && <List workspace={me.workspace_id} reader={isAdmin ? null : me.user.id} />}
      {isAdmin && <Invitations />}
    </Page>
  );
}

/** @param reader null: an admin; others can only leave */
function List({ workspace, reader }: { workspace: string; reader: string | null }) {
  const { t } = useText();
  const { query } = useLocation();
  const found = useResource<Listed<'members', Member>>(`/workspaces/${workspace}/members`, {
    page: Number(query.get('page') ?? 1),
  });
  return (
    <Section title={t('members.list')}>
      <QueryView query={found}>
        {({ members, total, page, size }) => (
          <Stack>
            <Table.ScrollContainer minWidth={640}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('form.name')}</Table.Th>
                    <Table.Th>{t('members.role')}</Table.Th>
                    <Table.Th>{t('members.joined')}</Table.Th>
                    <Table.Th>{t('keys.actions')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {members.map((member) => (
                    <Line key={member.user_id} member={member} workspace={workspace} reader={reader} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <Pager total={total} page={page} size={size} />
          </Stack>
        )}
      </QueryView>
    </Section>
  );
}

function Line({ member, workspace, reader }: { member: Member; workspace: string; reader: string | null }) {
  const { t, time } = useText();
  const words = useRoleWords();
  const path = `/workspaces/${workspace}/members/${encodeURIComponent(member.user_id)}`;
  const change = useChange((role: Role) => request('PATCH', path, { body: { role } }));
  const remove = useChange(() => request('DELETE', path));
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm">{member.name}</Text>
        <Text size="xs" c="dimmed">
          {member.email}
        </Text>
      </Table.Td>
      <Table.Td>
        {reader === null ? (
          <NativeSelect
            aria-label={t('members.change_role', { email: member.email })}
            value={member.role}
            disabled={change.isPending}
            data={roles.map((role) => ({ value: role, label: words[role] }))}
            onChange={(event) => change.mutate(event.currentTarget.value as Role)}
          />
        ) : (
          words[member.role]
        )}
        {change.error && <ErrorPanel error={change.error} />}
      </Table.Td>
      <Table.Td>{time(member.joined_at)}</Table.Td>
      <Table.Td>
        {(reader === null || reader === member.user_id) && (
          <Confirm
            label={t('members.remove')}
            title={t('members.remove_title', { email: member.email })}
            text={t('members.remove_confirm')}
            size="xs"
            busy={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutateAsync()}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
