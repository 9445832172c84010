import { Button, Group, NativeSelect, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { useResource } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { EventEntry, Page as Listed } from '../../api/types.ts';
import { useChange } from '../../api/use-change.ts';
import type { Delivery } from '../../api/webhook-types.ts';
import { useText } from '../../language/use-text.tsx';
import { setQuery, useLocation } from '../../navigation/navigate.ts';
import { State } from '../../parts/badges.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Json } from '../../parts/json.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { Pager } from '../../parts/pager.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { Section } from '../../parts/section.tsx';

type Retried = { retrying: number };

/** The deliveries of a webhook, each with its attempts and what was sent; failed ones can be tried again. */
export function Deliveries({ path }: { path: string }) {
  const { t } = useText();
  const { query } = useLocation();
  const found = useResource<Listed<'logs', Delivery>>(
    `${path}/logs`,
    { page: Number(query.get('page') ?? 1), status: query.get('status') ?? undefined },
    { every_ms: 2_000 },
  );
  return (
    <Section title={t('webhooks.deliveries')}>
      <Group align="flex-end">
        <NativeSelect
          label={t('webhooks.state')}
          value={query.get('status') ?? ''}
          data={[
            { value: '', label: t('webhooks.every') },
            { value: 'pending', label: t('webhooks.pending') },
            { value: 'succeeded', label: t('webhooks.succeeded') },
            { value: 'failed', label: t('webhooks.failed') },
          ]}
          onChange={(event) => setQuery({ status: event.currentTarget.value || null, page: null })}
        />
        <RetryAll path={path} />
      </Group>
      <QueryView query={found}>
        {({ logs, total, page, size }) =>
          logs.length === 0 ? (
            <Nothing title={t('webhooks.deliveries_none')} hint={t('webhooks.deliveries_none_hint')} />
          ) : (
            <Stack gap="xs">
              {logs.map((delivery) => (
                <Entry key={delivery.id} delivery={delivery} path={path} />
              ))}
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Section>
  );
}

function RetryAll({ path }: { path: string }) {
  const { t, time, pair } = useText();
  const told = useId();
  const [since, setSince] = useState(() => localTime(new Date(Date.now() - 86_400_000)));
  const at = new Date(since);
  const retry = useChange(() => request<Retried>('POST', `${path}/retry`, { body: { since: at.toISOString() } }));
  return (
    <>
      <TextInput
        type="datetime-local"
        label={t('webhooks.retry_since')}
        aria-describedby={told}
        value={since}
        onChange={(event) => setSince(event.currentTarget.value)}
      />
      <Button
        variant="default"
        disabled={Number.isNaN(at.getTime())}
        loading={retry.isPending}
        onClick={() => retry.mutate()}
      >
        {t('webhooks.retry_all')}
      </Button>
      {/* The field itself has the browser's own order of day and month. */}
      <Text id={told} size="xs" c="dimmed">
        {Number.isNaN(at.getTime()) ? '' : pair(t('webhooks.retry_since'), time(at.toISOString()))}
      </Text>
      {retry.data && (
        <Text size="sm" role="status">
          {t('webhooks.retrying', { count: retry.data.retrying })}
        </Text>
      )}
      {retry.error && <ErrorPanel error={retry.error} />}
    </>
  );
}

function Entry({ delivery, path }: { delivery: Delivery; path: string }) {
  const { t, time, pair } = useText();
  const [open, setOpen] = useState(false);
  const retry = useChange(() =>
    request<Retried>('POST', `${path}/deliveries/${encodeURIComponent(delivery.id)}/retry`),
  );
  return (
    <Paper withBorder p="sm" component="article">
      <Group justify="space-between">
        <div>
          <Group gap="xs">
            <Text fw={600}>{delivery.event_type}</Text>
            <State of={delivery.status} />
          </Group>
          <Text size="xs" c="dimmed">
            {time(delivery.created_at)} · {delivery.id}
            {delivery.next_attempt_at && ` · ${t('webhooks.next', { time: time(delivery.next_attempt_at) })}`}
          </Text>
        </div>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            aria-expanded={open}
            aria-label={pair(t('webhooks.attempts_count', { count: delivery.attempts.length }), delivery.id)}
            onClick={() => setOpen(!open)}
          >
            {t('webhooks.attempts_count', { count: delivery.attempts.length })}
          </Button>
          {delivery.status === 'failed' && (
            <Button size="xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
              {t('webhooks.retry')}
            </Button>
          )}
        </Group>
      </Group>
      {retry.error && <ErrorPanel error={retry.error} />}
      {open && <Details delivery={delivery} />}
    </Paper>
  );
}

function Details({ delivery }: { delivery: Delivery }) {
  const { t, moment, number, say } = useText();
  const event = useResource<EventEntry>(`/events/${encodeURIComponent(delivery.event_id)}`);
  return (
    <Stack gap="xs" mt="sm">
      {delivery.attempts.map((attempt, index) => (
        <Stack key={attempt.at} gap={4}>
          <Text size="sm">
            {t('webhooks.attempt', {
              number: index + 1,
              outcome: attempt.error ? say(attempt.error) : (attempt.status_code ?? t('webhooks.test_none')),
              ms: number(Math.round(attempt.duration_ms)),
              time: moment(attempt.at),
            })}
          </Text>
          {attempt.response_head && (
            <Json
              label={t('webhooks.attempt', {
                number: index + 1,
                outcome: attempt.status_code ?? '',
                ms: number(Math.round(attempt.duration_ms)),
                time: moment(attempt.at),
              })}
              value={attempt.response_head}
            />
          )}
        </Stack>
      ))}
      <Text size="sm" fw={600}>
        {t('webhooks.headers')}
      </Text>
      <Json label={t('webhooks.headers')} value={delivery.request} />
      <Text size="sm" fw={600}>
        {t('webhooks.sent')}
      </Text>
      {event.data ? (
        <Json label={t('webhooks.sent')} value={event.data.data} />
      ) : (
        event.error && <Text size="sm">{t('webhooks.event_gone')}</Text>
      )}
    </Stack>
  );
}

/** A time as an input of the reader's own clock takes it. */
function localTime(at: Date): string {
  const own = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return own.toISOString().slice(0, 16);
}
