import { Button, Group, NativeSelect, Table, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useResource } from '../../api/queries.ts';
import type { PublisherMember } from '../../api/registry-types.ts';
import { request } from '../../api/request.ts';
import type { Page as Listed } from '../../api/types.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { Section } from '../../parts/section.tsx';

/** Who may publish in a namespace; its owners change that. */
export function PublisherMembers({ name }: { name: string }) {
  const { t } = useText();
  const path = `/registry/publishers/${encodeURIComponent(name)}/members`;
  const found = useResource<Listed<'members', PublisherMember>>(path);
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<'owner' | 'member'>('member');
  const add = useChange(async () => {
    await request('POST', path, { body: { email, role } });
    setEmail('');
  });
  const words = { owner: t('authors.role_owner'), member: t('authors.role_member') };
  return (
    <Section title={t('authors.members')}>
      <QueryView query={found}>
        {({ members }) => (
          <Table.ScrollContainer minWidth={440} maw={760}>
            <Table style={{ overflowWrap: 'anywhere' }}>
              <Table.Tbody>
                {members.map((member) => (
                  <Line key={member.user_id} member={member} path={path} role={words[member.role]} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </QueryView>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Group align="flex-end">
          <TextInput
            required
            type="email"
            label={t('authors.member_email')}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('authors.role')}
            value={role}
            data={[
              { value: 'member', label: words.member },
              { value: 'owner', label: words.owner },
            ]}
            onChange={(event) => setRole(event.currentTarget.value === 'owner' ? 'owner' : 'member')}
          />
          <Button type="submit" variant="default" loading={add.isPending}>
            {t('authors.add_member')}
          </Button>
        </Group>
      </form>
      {add.error && <ErrorPanel error={add.error} />}
    </Section>
  );
}

function Line({ member, path, role }: { member: PublisherMember; path: string; role: string }) {
  const { t } = useText();
  const email = member.email ?? member.user_id;
  const remove = useChange(() => request('DELETE', `${path}/${encodeURIComponent(member.user_id)}`));
  return (
    <Table.Tr>
      <Table.Td>{email}</Table.Td>
      <Table.Td>{role}</Table.Td>
      <Table.Td ta="end">
        <Confirm
          label={t('members.remove')}
          name={t('authors.remove_member', { email })}
          title={t('members.remove_title', { email })}
          text={t('authors.remove_text')}
          size="xs"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutateAsync()}
        />
      </Table.Td>
    </Table.Tr>
  );
}
