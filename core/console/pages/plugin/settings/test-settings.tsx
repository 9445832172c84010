import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useIntegrations } from '../../../api/queries.ts';
import { request } from '../../../api/request.ts';
import type { Integration, Plugin } from '../../../api/types.ts';
import { useText } from '../../../language/use-text.tsx';
import { Link } from '../../../navigation/link.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';

/** Tries the settings where it counts: at the vendor, with each account that the project connected by this plugin. */
export function TestSettings({ plugin, project_id }: { plugin: Plugin; project_id: string | undefined }) {
  const { t } = useText();
  const type = plugin.manifest.integration?.type;
  const query = useIntegrations({ integration_type: type ?? 'none', project_id, size: 100 });
  if (!type) return null;
  const accounts = (query.data?.integrations ?? []).filter(({ status }) => status !== 'pending_setup');
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        {t('settings.test')}
      </Title>
      {accounts.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('settings.test_none')}{' '}
          <Link to={`/integrations/new?type=${encodeURIComponent(type)}`} underline="always">
            {t('integrations.add')}
          </Link>
        </Text>
      ) : (
        accounts.map((account) => <TestOne key={account.id} account={account} />)
      )}
    </Stack>
  );
}

function TestOne({ account }: { account: Integration }) {
  const { t, say } = useText();
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () =>
      request<{ ok: boolean; account: string | null; error: string | null }>(
        'POST',
        `/integrations/${account.id}/test`,
        {
          body: {},
        },
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ['/integrations'] }),
  });
  return (
    <Stack gap="xs">
      <Group>
        <Link to={`/integrations/${account.id}`}>{account.name}</Link>
        <Button
          size="xs"
          variant="default"
          aria-label={t('settings.test_name', { name: account.name })}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          {t('integrations.test')}
        </Button>
      </Group>
      {test.error && <ErrorPanel error={test.error} />}
      {test.data && (
        <Alert
          color={test.data.ok ? 'teal' : 'red'}
          variant="light"
          role="status"
          title={test.data.ok ? t('integrations.works') : t('integrations.fails')}
        >
          {test.data.ok ? (test.data.account ?? '–') : say(test.data.error ?? '–')}
        </Alert>
      )}
    </Stack>
  );
}
