import { Alert, Stack, Text } from '@mantine/core';
import type { ReleaseDiff } from '../../api/registry-types.ts';
import { useText } from '../../language/use-text.tsx';
import { PermissionList } from '../../parts/permission-list.tsx';

/** What a release asks for that the one before did not, and the other way round. */
export function PermissionChanges({ changes: { added, removed } }: { changes: ReleaseDiff['permissions'] }) {
  const { t } = useText();
  if (added.length === 0 && removed.length === 0) return <Text size="sm">{t('reviewers.permissions_same')}</Text>;
  return (
    <Stack>
      {added.length > 0 && (
        <Alert color="orange" variant="light" title={`+ ${t('reviewers.added')}`}>
          <PermissionList permissions={added} />
        </Alert>
      )}
      {removed.length > 0 && (
        <Alert color="teal" variant="light" title={`− ${t('reviewers.removed')}`}>
          <PermissionList permissions={removed} />
        </Alert>
      )}
    </Stack>
  );
}
