import { Alert, Button, Group, Paper, Select, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { usePackage } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { Package, Permission, Plugin } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { navigate } from '../navigation/navigate.ts';
import { Verified } from '../parts/badges.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { PermissionChoice } from '../parts/permission-list.tsx';
import { QueryView } from '../parts/query-view.tsx';

/** Installing is consent: version, then each permission by itself with the author's reason, then the result. */
export default function Install({ places }: { places: Record<string, string> }) {
  const query = usePackage(places.name ?? '');
  return <QueryView query={query}>{(found) => <Consent found={found} />}</QueryView>;
}

function Consent({ found }: { found: Package }) {
  const { t } = useText();
  const client = useQueryClient();
  const permissions = found.permissions_asked;
  const [version, setVersion] = useState(found.version ?? '');
  const [granted, setGranted] = useState<boolean[]>(permissions.map(() => false));
  const [key] = useState(() => crypto.randomUUID());
  const missing = permissions.filter((permission, index) => !permission.optional && !granted[index]);
  const install = useMutation({
    mutationFn: () =>
      request<Plugin>('POST', '/plugins', {
        body: { name: found.name, version, permissions: permissions.filter((_, index) => granted[index]).map(asGrant) },
        idempotency_key: `${key}-${version}-${granted.map(Number).join('')}`,
      }),
    onSuccess: async (plugin) => {
      await client.invalidateQueries();
      navigate(`/plugins/${plugin.id}?tab=configuration`);
    },
  });
  const versions = found.versions.filter((one) => one.state === 'published').map((one) => one.version);
  return (
    <Page
      title={t('install.title', { name: found.display_name })}
      lead={<Link to={`/marketplace/${found.name}`}>{t('install.back')}</Link>}
    >
      <Paper withBorder p="lg" maw={760}>
        <Stack gap="lg">
          <Group>
            <Select
              label={t('plugin.version')}
              allowDeselect={false}
              value={version}
              data={versions}
              onChange={(chosen) => setVersion(chosen ?? version)}
            />
            <Verified is={found.is_verified} />
          </Group>
          {!found.is_verified && (
            <Alert color="orange" variant="light" title={t('install.unverified')}>
              {t('install.unverified_hint')}
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
              {t('install.missing', { names: missing.map((one) => one.name).join(', ') })}
            </Text>
          )}
          <Group>
            <Button disabled={missing.length > 0} loading={install.isPending} onClick={() => install.mutate()}>
              {t('install.submit')}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </Page>
  );
}

/** A grant is the asked permission without the words that explain it. */
function asGrant({ reason: _reason, optional: _optional, ...scope }: Permission): Permission {
  return scope;
}
