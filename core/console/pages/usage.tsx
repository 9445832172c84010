import { Button, Card, Group, NumberInput, Paper, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Usage as UsageAnswer, Workspace } from '../api/people-types.ts';
import { useMe, useResource } from '../api/queries.ts';
import { request } from '../api/request.ts';
import { useChange } from '../api/use-change.ts';
import { useText } from '../language/use-text.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { QueryView } from '../parts/query-view.tsx';
import { Section } from '../parts/section.tsx';

export default function Usage() {
  const { t, number } = useText();
  const found = useResource<UsageAnswer>('/usage', {}, { every_ms: 5_000 });
  const me = useMe().data;
  return (
    <Page title={t('nav.usage')} lead={t('usage.lead')}>
      <QueryView query={found}>
        {({ limits, counts }) => (
          <Stack gap="lg">
            <SimpleGrid cols={{ base: 1, sm: 3 }}>
              <Count name={t('usage.members')} count={number(counts.members)} />
              <Count name={t('usage.projects')} count={number(counts.projects)} />
              <Count name={t('usage.api_keys')} count={number(counts.api_keys)} />
            </SimpleGrid>
            <Section title={t('usage.requests')}>
              {limits.length === 0 ? (
                <Nothing title={t('usage.none')} hint={t('usage.none_hint')} />
              ) : (
                limits.map((limit) => <Limit key={`${limit.subject} ${limit.window_s}`} limit={limit} />)
              )}
            </Section>
          </Stack>
        )}
      </QueryView>
      {me?.workspace_id && (me.role === 'admin' || me.role === 'owner') && <Limits workspace={me.workspace_id} />}
    </Page>
  );
}

function Count({ name, count }: { name: string; count: string }) {
  return (
    <Card withBorder>
      <Text c="dimmed" size="sm">
        {name}
      </Text>
      <Text fz={28} fw={700}>
        {count}
      </Text>
    </Card>
  );
}

function Limit({ limit }: { limit: UsageAnswer['limits'][number] }) {
  const { t, number } = useText();
  const [kind, id] = limit.subject.split(':');
  const subject =
    kind === 'user'
      ? t('usage.caller_user')
      : kind === 'key'
        ? t('usage.caller_key', { id: id ?? '' })
        : t('usage.caller_workspace');
  const spans: Record<number, string> = { 3600: t('usage.hour'), 86400: t('usage.day') };
  const window = spans[limit.window_s] ?? t('usage.seconds', { seconds: limit.window_s });
  const said = t('usage.of', { used: number(limit.used), limit: number(limit.limit), window });
  const share = Math.min(100, (limit.used / limit.limit) * 100);
  return (
    <Stack gap={4} maw={760}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {subject}
        </Text>
        <Text size="sm">{said}</Text>
      </Group>
      <Progress value={share} color={share > 90 ? 'red' : 'cyan'} aria-label={`${subject}: ${said}`} />
    </Stack>
  );
}

function Limits({ workspace }: { workspace: string }) {
  const { t } = useText();
  const found = useResource<Workspace>(`/workspaces/${workspace}`);
  return (
    <Section title={t('usage.limits')}>
      <QueryView query={found}>{(shown) => <LimitsForm workspace={shown} />}</QueryView>
    </Section>
  );
}

function LimitsForm({ workspace }: { workspace: Workspace }) {
  const { t } = useText();
  const [hour, setHour] = useState<number | string>(workspace.limits.requests_per_hour ?? '');
  const [day, setDay] = useState<number | string>(workspace.limits.requests_per_day ?? '');
  const limit = (value: number | string) => (typeof value === 'number' ? value : null);
  const save = useChange(() =>
    request('PATCH', `/workspaces/${workspace.id}`, {
      body: { limits: { requests_per_hour: limit(hour), requests_per_day: limit(day) } },
    }),
  );
  return (
    <Paper withBorder p="lg" maw={760}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <Group grow>
            <NumberInput label={t('usage.per_hour')} min={1} allowDecimal={false} value={hour} onChange={setHour} />
            <NumberInput label={t('usage.per_day')} min={1} allowDecimal={false} value={day} onChange={setDay} />
          </Group>
          {save.error && <ErrorPanel error={save.error} />}
          <Group>
            <Button type="submit" loading={save.isPending}>
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
  );
}
