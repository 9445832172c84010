import { Button, Menu } from '@mantine/core';
import type { Me } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { ErrorPanel } from './error-panel.tsx';
import { useSwitchWorkspace } from './workspaces.ts';

/** In which workspace the reader is, and a way into the others; nothing for who has only one. */
export function WorkspaceMenu({ me, onSwitch }: { me: Me; onSwitch(): void }) {
  const { t } = useText();
  const go = useSwitchWorkspace();
  const all = me.workspaces ?? [];
  const here = all.find(({ id }) => id === me.workspace_id);
  if (!here || all.length < 2) return null;
  return (
    <>
      <Menu width="target">
        <Menu.Target>
          <Button
            fullWidth
            variant="default"
            justify="space-between"
            loading={go.isPending}
            aria-label={t('workspaces.now', { name: here.name })}
            rightSection={<span aria-hidden="true">▾</span>}
          >
            {here.name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {all.map(({ id, name }) => (
            <Menu.Item
              key={id}
              disabled={id === here.id}
              style={{ overflowWrap: 'anywhere' }}
              onClick={() => go.mutate(id, { onSuccess: onSwitch })}
            >
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {go.error && <ErrorPanel error={go.error} />}
    </>
  );
}
