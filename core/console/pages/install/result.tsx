import { Alert, Button, Group, List, Stack } from '@mantine/core';
import type { Permission, Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { follow } from '../../navigation/link.tsx';
import { usePermissionNames } from '../../parts/permission-list.tsx';

/** What came of an installation, and where to go from here. */
export function Result({
  plugin,
  declined,
  isConfigured,
}: {
  plugin: Plugin;
  declined: Permission[];
  isConfigured: boolean | null;
}) {
  const { t } = useText();
  const namesOf = usePermissionNames();
  const next = plugin.manifest.integration
    ? `/integrations/new?type=${encodeURIComponent(plugin.manifest.integration.type)}`
    : null;
  return (
    <Stack>
      <Alert color="teal" variant="light" role="status" title={t('install.done', { version: plugin.version })}>
        <List size="sm" listStyleType="none">
          <List.Item>{t('install.granted', { count: plugin.permissions.length })}</List.Item>
          {declined.length > 0 && <List.Item>{t('install.declined', { names: namesOf(declined) })}</List.Item>}
          {isConfigured === true && <List.Item>{t('install.configured')}</List.Item>}
          {isConfigured === false && <List.Item>{t('install.unconfigured')}</List.Item>}
        </List>
      </Alert>
      <Group>
        <Button
          component="a"
          href={`/plugins/${plugin.id}`}
          variant={next ? 'default' : 'filled'}
          onClick={(event) => follow(event, `/plugins/${plugin.id}`)}
        >
          {t('plugin.open_installed')}
        </Button>
        {next && (
          <Button component="a" href={next} onClick={(event) => follow(event, next)}>
            {t('integrations.add')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
