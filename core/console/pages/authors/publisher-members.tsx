import { Button, Group, NativeSelect, Table, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useResource } from '../../api/queries.ts';
import type { PublisherMember } from '../../api/registry-types.ts';
import { request } from '../../api/request.ts';
import type { Page as Listed } from '../../api/types.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
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
  const remove = useChange((id: string) => request('DELETE', `${path}/${encodeURIComponent(id)}`));
  const words = { owner: t('authors.role_owner'), member: t('authors.role_member') };
  return (
    <Section title={t('authors.members')}>
      <QueryView query={found}>
        {({ members }) => (
          <Table maw={760} style={{ overflowWrap: 'anywhere' }}>
            <Table.Tbody>
              {members.map((member) => (
                <Table.Tr key={member.user_id}>
                  <Table.Td>{member.email ?? member.user_id}</Table.Td>
                  <Table.Td>{words[member.role]}</Table.Td>
                  <Table.Td ta="end">
                    <Button
                      size="xs"
                      color="red"
                      variant="light"
                      aria-label={t('authors.remove_member', { email: member.email ?? member.user_id })}
                      onClick={() => remove.mutate(member.user_id)}
                    >
                      {t('members.remove')}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </QueryView>
      {remove.error && <ErrorPanel error={remove.error} />}
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
