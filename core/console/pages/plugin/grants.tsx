import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import type { Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { PermissionChoice } from '../../parts/permission-list.tsx';

/** What is granted, and taking it back. Optional permissions can be given later too. */
export function Grants({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  const client = useQueryClient();
  const asked = plugin.manifest.permissions ?? [];
  const now = asked.map((permission) => plugin.permissions.some((one) => one.name === permission.name));
  const [granted, setGranted] = useState(now);
  const save = useMutation({
    mutationFn: () => {
      // What an admin narrowed at installation stays as narrow as it is.
      const permissions = asked.flatMap(({ reason: _reason, optional: _optional, ...scope }, index) =>
        granted[index] ? [plugin.permissions.find((one) => one.name === scope.name) ?? scope] : [],
      );
      return request('PATCH', `/plugins/${plugin.id}`, { body: { permissions } });
    },
    onSuccess: () => client.invalidateQueries(),
  });
  const changed = granted.some((is, index) => is !== now[index]);
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('grants.hint')}
      </Text>
      <PermissionChoice
        permissions={asked}
        granted={granted}
        locked={asked.map((permission, index) => plugin.is_enabled && !permission.optional && (now[index] ?? false))}
        onChange={setGranted}
      />
      {save.error && <ErrorPanel error={save.error} />}
      {save.isSuccess && !changed && (
        <Alert color="teal" variant="light" role="status">
          {t('form.saved')}
        </Alert>
      )}
      {asked.length > 0 && (
        <Group>
          <Button disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
            {t('grants.save')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
