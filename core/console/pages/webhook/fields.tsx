import { Box, MultiSelect, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { ApiError } from '../../api/api-error.ts';
import { useResource } from '../../api/queries.ts';
import type { Page as Listed } from '../../api/types.ts';
import type { EventType } from '../../api/webhook-types.ts';
import { useText } from '../../language/use-text.tsx';
import { Json } from '../../parts/json.tsx';

/** What a person sets of a webhook. */
export interface WebhookDraft {
  name: string;
  url: string;
  events: string[];
  schedule: 'short' | 'standard';
  timeout_seconds: number;
  order_key: string;
}

/** A draft as the host takes it. */
export function bodyOf({ schedule, order_key, ...draft }: WebhookDraft): Record<string, unknown> {
  return {
    ...draft,
    order_key: order_key.trim() === '' ? null : order_key.trim(),
    retry_config: schedule === 'standard' ? { schedule: 'standard' } : { max_retries: 3 },
  };
}

/** The fields of a webhook, each with what the host said of it; beside them, what an event of the first type looks like. */
export function WebhookFields({
  draft,
  error,
  onChange,
}: {
  draft: WebhookDraft;
  error: Error | null;
  onChange(draft: WebhookDraft): void;
}) {
  const { t, say } = useText();
  const catalogue = useResource<Listed<'events', EventType>>('/webhooks/events', { size: 100 });
  const types = catalogue.data?.events ?? [];
  const fields = error instanceof ApiError ? error.fields : [];
  const wrong = (name: string) => {
    const field = fields.find(({ pointer }) => pointer.startsWith(`/${name}`));
    return field ? say(field.message) : null;
  };
  const shown = types.find(({ type }) => type === draft.events.at(-1));
  return (
    <Stack>
      <TextInput
        required
        name="name"
        label={t('form.name')}
        error={wrong('name')}
        value={draft.name}
        onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
      />
      <TextInput
        required
        name="url"
        type="url"
        label={t('webhooks.address')}
        placeholder="https://example.com/events"
        error={wrong('url')}
        value={draft.url}
        onChange={(event) => onChange({ ...draft, url: event.currentTarget.value })}
      />
      <MultiSelect
        searchable
        label={t('webhooks.events')}
        // What is chosen stays in the list, also when its plugin is gone.
        data={[...new Set([...types.map(({ type }) => type), ...draft.events])]}
        error={wrong('events')}
        value={draft.events}
        onChange={(events) => onChange({ ...draft, events })}
      />
      {shown && (
        <Box>
          <Text size="sm" fw={600} mb={4}>
            {t('webhooks.preview', { type: shown.type })}
          </Text>
          <Json
            label={t('webhooks.preview', { type: shown.type })}
            value={{ type: shown.type, timestamp: '2026-01-01T00:00:00.000Z', data: shown.sample }}
          />
        </Box>
      )}
      <NativeSelect
        label={t('webhooks.schedule')}
        value={draft.schedule}
        data={[
          { value: 'short', label: t('webhooks.schedule_short') },
          { value: 'standard', label: t('webhooks.schedule_standard') },
        ]}
        onChange={(event) =>
          onChange({ ...draft, schedule: event.currentTarget.value === 'standard' ? 'standard' : 'short' })
        }
      />
      <NumberInput
        label={t('webhooks.timeout')}
        min={1}
        max={120}
        allowDecimal={false}
        error={wrong('timeout_seconds')}
        value={draft.timeout_seconds}
        onChange={(value) => onChange({ ...draft, timeout_seconds: typeof value === 'number' ? value : 30 })}
      />
      <TextInput
        label={t('webhooks.order')}
        description={t('webhooks.order_hint')}
        error={wrong('order_key')}
        value={draft.order_key}
        onChange={(event) => onChange({ ...draft, order_key: event.currentTarget.value })}
      />
    </Stack>
  );
}
