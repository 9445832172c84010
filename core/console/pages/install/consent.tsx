import { Alert, Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { randomKey } from '../../api/random-key.ts';
import { request } from '../../api/request.ts';
import { asGrant, type Package, type Permission, type Plugin, type Release } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { Verified } from '../../parts/badges.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { PermissionChoice, usePermissionNames } from '../../parts/permission-list.tsx';

/** Version, then each permission of that very version by itself with the author's reason. Nothing is ticked beforehand. */
export function Consent({
  found,
  release,
  onVersion,
  onInstalled,
}: {
  found: Package;
  release: Release;
  onVersion(version: string): void;
  onInstalled(plugin: Plugin, declined: Permission[]): void;
}) {
  const { t } = useText();
  const namesOf = usePermissionNames();
  const client = useQueryClient();
  const permissions = release.manifest.permissions ?? [];
  const [granted, setGranted] = useState<boolean[]>(permissions.map(() => false));
  const [key] = useState(() => randomKey());
  const missing = permissions.filter((permission, index) => !permission.optional && !granted[index]);
  const install = useMutation({
    mutationFn: () =>
      request<Plugin>('POST', '/plugins', {
        body: {
          name: found.name,
          version: release.version,
          permissions: permissions.filter((_, index) => granted[index]).map(asGrant),
        },
        idempotency_key: `${key}-${release.version}-${granted.map(Number).join('')}`,
      }),
    onSuccess: async (plugin) => {
      onInstalled(
        plugin,
        permissions.filter((_, index) => !granted[index]),
      );
      await client.invalidateQueries();
    },
  });
  const versions = found.versions.filter((one) => one.state === 'published').map((one) => one.version);
  return (
    <Stack gap="lg">
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label={t('plugin.version')}
          value={release.version}
          data={versions}
          onChange={(event) => onVersion(event.currentTarget.value)}
        />
        <Verified is={release.is_verified ?? false} />
      </Group>
      {!release.is_verified && (
        <Alert color="orange" variant="light" title={t('install.unverified')}>
          {t('install.unverified_hint')}
        </Alert>
      )}
      {release.deprecated && (
        <Alert color="orange" variant="light" title={t('plugin.deprecated')}>
          {release.deprecated.reason}
        </Alert>
      )}
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('install.permissions')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('install.permissions_hint')}
        </Text>
        <PermissionChoice permissions={permissions} granted={granted} onChange={setGranted} />
      </Stack>
      {install.error && <ErrorPanel error={install.error} />}
      {missing.length > 0 && (
        <Text size="sm" role="status">
          {t('install.missing', { names: namesOf(missing) })}
        </Text>
      )}
      <Group>
        <Button disabled={missing.length > 0} loading={install.isPending} onClick={() => install.mutate()}>
          {t('install.submit')}
        </Button>
      </Group>
    </Stack>
  );
}
