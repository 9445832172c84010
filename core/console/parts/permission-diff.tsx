import { Checkbox, Paper, Stack, Text, Title } from '@mantine/core';
import type { Permission } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { PermissionWords } from './permission-list.tsx';

/**
 * What a release asks beyond today, each to be granted by itself, and what it asks no more. The colour says it, and so
 * does the word before it.
 */
export function PermissionDiff({
  added,
  removed,
  granted,
  onChange,
}: {
  added: Permission[];
  removed: Permission[];
  granted: boolean[];
  onChange(granted: boolean[]): void;
}) {
  const { t } = useText();
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {t('plugin.permissions')}
      </Title>
      {added.length + removed.length === 0 && <Text c="dimmed">{t('upgrade.same_permissions')}</Text>}
      {added.map((permission, index) => (
        <Paper key={JSON.stringify(permission)} withBorder p="sm" className="asked-added">
          <Checkbox
            checked={granted[index] ?? false}
            label={
              <>
                <Text size="xs" fw={700}>
                  {t('upgrade.new')}
                </Text>
                <PermissionWords permission={permission} />
              </>
            }
            onChange={({ currentTarget: { checked } }) =>
              onChange(added.map((_, at) => (at === index ? checked : (granted[at] ?? false))))
            }
          />
        </Paper>
      ))}
      {removed.map((permission) => (
        <Paper key={JSON.stringify(permission)} withBorder p="sm" className="asked-removed">
          <Text size="xs" fw={700}>
            {t('upgrade.gone')}
          </Text>
          <PermissionWords permission={permission} />
        </Paper>
      ))}
    </Stack>
  );
}
