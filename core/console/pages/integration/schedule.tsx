import { Alert, Button, Checkbox, Group, NativeSelect, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import type { Integration, IntegrationTypeSchema } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';

const named = ['manual', '15m', 'hourly', 'daily'];

/** When an account is synced by itself, and which of its streams. */
export function Schedule({ integration, type }: { integration: Integration; type: IntegrationTypeSchema }) {
  const { t } = useText();
  const client = useQueryClient();
  const kept = integration.sync_settings ?? {};
  const all = type.sync.streams.filter(({ source }) => source !== 'push').map(({ name }) => name);
  const [interval, setInterval] = useState(kept.sync_interval ?? 'manual');
  const [isOwn, setOwn] = useState(!named.includes(kept.sync_interval ?? 'manual'));
  const [auto, setAuto] = useState(kept.auto_sync ?? false);
  const [zone, setZone] = useState(kept.time_zone ?? '');
  const [streams, setStreams] = useState(kept.streams ?? all);
  const save = useMutation({
    mutationFn: () =>
      request('PATCH', `/integrations/${integration.id}`, {
        body: {
          sync_settings: { sync_interval: interval, auto_sync: auto, streams, ...(zone && { time_zone: zone }) },
        },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: [`/integrations/${integration.id}`] }),
  });
  if (all.length === 0) return <Text c="dimmed">{t('schedule.no_streams')}</Text>;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack maw={640}>
        <Title order={2} size="h5">
          {t('schedule.title')}
        </Title>
        <Switch label={t('schedule.auto')} checked={auto} onChange={(event) => setAuto(event.currentTarget.checked)} />
        <Group align="flex-start">
          <NativeSelect
            label={t('schedule.interval')}
            value={isOwn ? 'own' : interval}
            data={[
              { value: 'manual', label: t('schedule.manual') },
              { value: '15m', label: t('schedule.quarter') },
              { value: 'hourly', label: t('schedule.hourly') },
              { value: 'daily', label: t('schedule.daily') },
              { value: 'own', label: t('schedule.own') },
            ]}
            onChange={(event) => {
              const value = event.currentTarget.value;
              setOwn(value === 'own');
              if (value !== 'own') setInterval(value);
            }}
          />
          {isOwn && (
            <TextInput
              required
              label={t('schedule.expression')}
              description={t('schedule.expression_hint')}
              value={interval}
              onChange={(event) => setInterval(event.currentTarget.value)}
            />
          )}
          <TextInput
            label={t('schedule.zone')}
            placeholder="UTC"
            value={zone}
            onChange={(event) => setZone(event.currentTarget.value)}
          />
        </Group>
        <Checkbox.Group label={t('schedule.streams')} value={streams} onChange={setStreams}>
          <Stack gap="xs" mt="xs">
            {type.sync.streams
              .filter(({ name }) => all.includes(name))
              .map(({ name, title, model }) => (
                <Checkbox key={name} value={name} label={title || name} description={model ?? undefined} />
              ))}
          </Stack>
        </Checkbox.Group>
        {save.error && <ErrorPanel error={save.error} />}
        {save.isSuccess && (
          <Alert color="teal" variant="light" role="status">
            {t('form.saved')}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('schedule.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
