import { Button, Group, NativeSelect, Paper, Stack, Table, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Invitation, type Role, roles } from '../../api/people-types.ts';
import { useResource } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { Page as Listed } from '../../api/types.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { Section } from '../../parts/section.tsx';
import { ShownOnce } from '../../parts/shown-once.tsx';
import { useRoleWords } from './role-words.ts';

/** Invites somebody, and shows the invitations that nobody took yet. */
export function Invitations() {
  const { t } = useText();
  const found = useResource<Listed<'invitations', Invitation>>('/invitations', { size: 100 });
  return (
    <>
      <Invite />
      <QueryView query={found}>
        {({ invitations }) =>
          invitations.length > 0 && (
            <Section title={t('members.invitations')}>
              <Table.ScrollContainer minWidth={560}>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('members.email')}</Table.Th>
                      <Table.Th>{t('members.role')}</Table.Th>
                      <Table.Th>{t('members.expires')}</Table.Th>
                      <Table.Th>{t('keys.actions')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {invitations.map((invitation) => (
                      <Line key={invitation.id} invitation={invitation} />
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </Section>
          )
        }
      </QueryView>
    </>
  );
}

function Line({ invitation }: { invitation: Invitation }) {
  const { t, time } = useText();
  const words = useRoleWords();
  const takeBack = useChange(() => request('DELETE', `/invitations/${encodeURIComponent(invitation.id)}`));
  return (
    <Table.Tr>
      <Table.Td>{invitation.email}</Table.Td>
      <Table.Td>{words[invitation.role]}</Table.Td>
      <Table.Td>{time(invitation.expires_at)}</Table.Td>
      <Table.Td>
        <Button
          size="xs"
          variant="default"
          aria-label={t('members.take_back_of', { email: invitation.email ?? '' })}
          loading={takeBack.isPending}
          onClick={() => takeBack.mutate()}
        >
          {t('members.take_back')}
        </Button>
        {takeBack.error && <ErrorPanel error={takeBack.error} />}
      </Table.Td>
    </Table.Tr>
  );
}

function Invite() {
  const { t } = useText();
  const words = useRoleWords();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('developer');
  const invite = useChange(async () => {
    const made = await request<Invitation>('POST', '/invitations', { body: { email, role } });
    setEmail('');
    return made;
  });
  return (
    <Section title={t('members.invite_title')}>
      <Paper withBorder p="lg" maw={760}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            invite.mutate();
          }}
        >
          <Stack>
            <TextInput
              required
              type="email"
              label={t('members.email')}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <NativeSelect
              label={t('members.role')}
              value={role}
              data={roles.map((one) => ({ value: one, label: words[one] }))}
              onChange={(event) => setRole(event.currentTarget.value as Role)}
            />
            {invite.error && <ErrorPanel error={invite.error} />}
            {invite.data?.url && <ShownOnce title={t('members.link_once')} text={invite.data.url} />}
            <Group>
              <Button type="submit" loading={invite.isPending}>
                {t('members.invite')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Section>
  );
}
