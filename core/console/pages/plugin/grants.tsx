import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import type { Permission, Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { PermissionChoice } from '../../parts/permission-list.tsx';

/** What is granted, and taking it back. Optional permissions can be given later too. */
export function Grants({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  const client = useQueryClient();
  const asked = plugin.manifest.permissions ?? [];
  const now = asked.map((permission) => plugin.permissions.some((grant) => isWithin(grant, permission)));
  const [granted, setGranted] = useState(now);
  const save = useMutation({
    mutationFn: () => {
      // What an admin narrowed at installation stays as narrow as it is.
      const permissions = asked.flatMap(({ reason: _reason, optional: _optional, ...scope }, index) =>
        granted[index] ? [plugin.permissions.find((grant) => isWithin(grant, scope)) ?? scope] : [],
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

/** Whether a grant is of this permission, whole or narrowed. A plugin may ask for two of one name. */
function isWithin(grant: Permission, asked: Permission): boolean {
  return (
    grant.name === asked.name &&
    grant.service === asked.service &&
    (grant.private ?? false) === (asked.private ?? false) &&
    (grant.hosts ?? []).every((host) => asked.hosts?.includes(host))
  );
}
