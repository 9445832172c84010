import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import { useChange } from '../../api/use-change.ts';
import type { Webhook } from '../../api/webhook-types.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Section } from '../../parts/section.tsx';
import { bodyOf, type WebhookDraft, WebhookFields } from './fields.tsx';

/** The settings of a webhook. Retries are sent only when a person chose others: the host knows finer ones than this form. */
export function Change({
  webhook,
  path,
}: {
  webhook: Webhook & { retry_config?: { schedule?: string } };
  path: string;
}) {
  const { t } = useText();
  const { name, url, events, timeout_seconds } = webhook;
  const schedule = webhook.retry_config?.schedule === 'standard' ? 'standard' : 'short';
  const [draft, setDraft] = useState<WebhookDraft>({
    ...{ name, url, events, schedule, timeout_seconds },
    order_key: webhook.order_key ?? '',
  });
  const save = useChange(() => {
    const { retry_config, ...body } = bodyOf(draft);
    return request('PATCH', path, { body: draft.schedule === schedule ? body : { ...body, retry_config } });
  });
  return (
    <Section title={t('webhooks.change')}>
      <Paper withBorder p="lg" maw={760}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Stack>
            <WebhookFields draft={draft} error={save.error} onChange={setDraft} />
            {save.error && <ErrorPanel error={save.error} />}
            <Group>
              <Button type="submit" loading={save.isPending} disabled={draft.events.length === 0}>
                {t('form.save')}
              </Button>
              {save.isSuccess && (
                <Text size="sm" role="status">
                  {t('form.saved')}
                </Text>
              )}
            </Group>
          </Stack>
        </form>
      </Paper>
    </Section>
  );
}
