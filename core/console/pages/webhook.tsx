import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useResource } from '../api/queries.ts';
import { request } from '../api/request.ts';
import { useChange } from '../api/use-change.ts';
import type { Webhook as WebhookAnswer } from '../api/webhook-types.ts';
import { useText } from '../language/use-text.tsx';
import { navigate } from '../navigation/navigate.ts';
import { State } from '../parts/badges.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { PageView } from '../parts/query-view.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { Change } from './webhook/change.tsx';
import { Deliveries } from './webhook/deliveries.tsx';
import { TestSend } from './webhook/test-send.tsx';

export default function Webhook({ places }: { places: Record<string, string> }) {
  const path = `/webhooks/${encodeURIComponent(places.id ?? '')}`;
  const query = useResource<WebhookAnswer>(path, {}, { every_ms: 5_000 });
  return <PageView query={query}>{(webhook) => <Whole webhook={webhook} path={path} />}</PageView>;
}

function Whole({ webhook, path }: { webhook: WebhookAnswer; path: string }) {
  const { t, number, pair, say } = useText();
  const onOff = useChange(() => request('PUT', `${path}/status`, { body: { is_active: !webhook.is_active } }));
  const rotate = useChange(() => request<WebhookAnswer>('POST', `${path}/rotate-secret`));
  const actions = (
    <>
      <Button variant="default" loading={onOff.isPending} onClick={() => onOff.mutate()}>
        {webhook.is_active ? t('webhooks.switch_off') : t('webhooks.switch_on')}
      </Button>
      <Confirm
        label={t('webhooks.rotate')}
        title={t('webhooks.rotate_title', { name: webhook.name })}
        text={t('webhooks.rotate_confirm')}
        color="cyan"
        busy={rotate.isPending}
        error={rotate.error}
        onConfirm={() => rotate.mutateAsync()}
      />
      <Remove webhook={webhook} path={path} />
    </>
  );
  return (
    <Page title={webhook.name} lead={webhook.url} actions={actions}>
      {onOff.error && <ErrorPanel error={onOff.error} />}
      {rotate.data && <ShownOnce title={t('webhooks.secret_once')} text={rotate.data.secret} />}
      {webhook.disabled_reason && (
        <Alert color="red" variant="light">
          {t('webhooks.why_off', { reason: say(webhook.disabled_reason) })}
        </Alert>
      )}
      <Stack gap={6}>
        <Group gap={6}>
          <State of={webhook.is_active ? 'active' : 'inactive'} />
          {webhook.events.map((type) => (
            <Badge key={type} variant="outline" color="gray">
              {type}
            </Badge>
          ))}
        </Group>
        <Text size="sm" c="dimmed">
          {t('webhooks.counts', { good: number(webhook.success_count), bad: number(webhook.failure_count) })}
        </Text>
        {webhook.public_keys.map((key) => (
          <Text key={key} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {pair(t('webhooks.public_key'), key)}
          </Text>
        ))}
      </Stack>
      <Deliveries path={path} />
      <TestSend path={path} />
      <Change webhook={webhook} path={path} />
    </Page>
  );
}

function Remove({ webhook, path }: { webhook: WebhookAnswer; path: string }) {
  const { t } = useText();
  const remove = useChange(async () => {
    await request('DELETE', path);
    // Away before the page asks again for what is gone.
    navigate('/webhooks');
  });
  return (
    <Confirm
      label={t('form.delete')}
      title={t('webhooks.delete_title', { name: webhook.name })}
      text={t('webhooks.delete_confirm')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync()}
    />
  );
}
