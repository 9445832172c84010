import { Badge, Button, Group, Paper, Stack, Table, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Workspace } from '../../api/people-types.ts';
import { request } from '../../api/request.ts';
import type { Me } from '../../api/types.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Section } from '../../parts/section.tsx';
import { useSwitchWorkspace } from '../../parts/workspaces.ts';

/** The workspaces of the reader: which one is shown, a way into the others, and a new one. */
export function Workspaces({ me }: { me: Me }) {
  const { t } = useText();
  const go = useSwitchWorkspace();
  const [name, setName] = useState('');
  const make = useChange(async () => {
    await request<Workspace>('POST', '/workspaces', { body: { name } });
    setName('');
  });
  return (
    <Section title={t('workspaces.title')}>
      {go.error && <ErrorPanel error={go.error} />}
      <Table maw={760} style={{ overflowWrap: 'anywhere' }}>
        <Table.Tbody>
          {(me.workspaces ?? []).map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>{one.name}</Table.Td>
              <Table.Td ta="end">
                {one.id === me.workspace_id ? (
                  <Badge variant="light">{t('workspaces.here')}</Badge>
                ) : (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={t('workspaces.switch_to', { name: one.name })}
                    loading={go.isPending && go.variables === one.id}
                    onClick={() => go.mutate(one.id)}
                  >
                    {t('workspaces.switch')}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Paper withBorder p="lg" maw={760}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <Stack>
            <TextInput
              required
              label={t('workspaces.new')}
              description={t('workspaces.new_hint')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            {make.error && <ErrorPanel error={make.error} />}
            <Group>
              <Button type="submit" variant="default" loading={make.isPending}>
                {t('workspaces.make')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Section>
  );
}
