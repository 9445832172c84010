import { Badge, Checkbox, Group, List, Stack, Text } from '@mantine/core';
import type { Permission } from '../api/types.ts';
import type { TextName } from '../language/en.ts';
import { useText } from '../language/use-text.tsx';

const words: Record<string, TextName> = {
  credentials: 'permission.credentials',
  network: 'permission.network',
  app: 'permission.app',
  files: 'permission.files',
  storage: 'permission.storage',
  'events:emit': 'permission.events_emit',
  'events:listen': 'permission.events_listen',
  schedule: 'permission.schedule',
  'records:read': 'permission.records_read',
  'project:read': 'permission.project_read',
};

/** Several permissions in a sentence, in the words by which a reader meets them above it. */
export function usePermissionNames(): (permissions: Permission[]) => string {
  const { t, list } = useText();
  return (permissions) =>
    list(
      permissions.map(({ name }) => {
        const known = words[name];
        return known ? t(known) : name;
      }),
    );
}

/** A permission in words, with exactly what it covers and the author's reason. */
export function PermissionWords({ permission }: { permission: Permission }) {
  const { t, own } = useText();
  const name = words[permission.name];
  // A host that is not fixed is named by where it comes from.
  const hostWords = (host: string): string => {
    const place = /^\{(config|credential|integration)\.([^}|]+)[^}]*\}$/.exec(host);
    if (!place) return host;
    return t(place[1] === 'config' ? 'permission.typed_config' : 'permission.typed_field', { name: place[2] ?? '' });
  };
  const covers = [
    ...(permission.hosts ?? []).map(hostWords),
    ...(permission.methods ?? []),
    ...(permission.paths ?? []),
    ...(permission.types ?? []),
    ...(permission.models ?? []),
    ...(permission.service ? [permission.service] : []),
  ];
  return (
    <Stack gap={4}>
      <Group gap={6}>
        <Text fw={600}>{name ? t(name) : permission.name}</Text>
        {permission.optional && (
          <Badge variant="light" color="gray">
            {t('permission.optional')}
          </Badge>
        )}
        {permission.private && (
          <Badge variant="light" color="orange">
            {t('permission.private')}
          </Badge>
        )}
      </Group>
      {covers.length > 0 && (
        <Group gap={4}>
          {covers.map((one) => (
            <Badge key={one} variant="outline" color="gray" maw="100%">
              {one}
            </Badge>
          ))}
        </Group>
      )}
      {permission.reason && (
        <Text size="sm" c="dimmed">
          {t('permission.reason', { reason: own(permission.reason) })}
        </Text>
      )}
    </Stack>
  );
}

/** What a plugin asks for, to read. */
export function PermissionList({ permissions }: { permissions: Permission[] }) {
  const { t } = useText();
  if (permissions.length === 0) return <Text c="dimmed">{t('permission.none')}</Text>;
  return (
    <List listStyleType="none" spacing="md">
      {permissions.map((permission) => (
        <List.Item key={JSON.stringify(permission)}>
          <PermissionWords permission={permission} />
        </List.Item>
      ))}
    </List>
  );
}

/**
 * What a plugin asks for, to grant one by one. Nothing is granted before somebody ticked it.
 *
 * @param locked which of them cannot be changed now
 */
export function PermissionChoice({
  permissions,
  granted,
  locked = [],
  onChange,
}: {
  permissions: Permission[];
  granted: boolean[];
  locked?: boolean[];
  onChange(granted: boolean[]): void;
}) {
  const { t } = useText();
  if (permissions.length === 0) return <Text c="dimmed">{t('permission.none')}</Text>;
  return (
    <Stack gap="md">
      {permissions.map((permission, index) => (
        <Checkbox
          key={JSON.stringify(permission)}
          checked={granted[index] ?? false}
          disabled={locked[index] ?? false}
          label={<PermissionWords permission={permission} />}
          onChange={({ currentTarget: { checked } }) =>
            onChange(permissions.map((_, at) => (at === index ? checked : (granted[at] ?? false))))
          }
        />
      ))}
    </Stack>
  );
}
