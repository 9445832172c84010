import { Alert, Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/request.ts';
import { useText } from '../language/use-text.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';

interface Waiting {
  client_name: string;
  address: string;
  status: 'pending' | 'approved' | 'denied';
}

/**
 * Lets a program in that shows a code (RFC 8628). The code alone lets nobody in: who waits is shown first, so that
 * nobody approves a stranger whose link they followed.
 */
export default function Device() {
  const { t } = useText();
  const [code, setCode] = useState(() => new URLSearchParams(location.hash.slice(1)).get('code') ?? '');
  const ask = useMutation({
    mutationFn: (approve?: boolean) =>
      request<Waiting>('POST', '/auth/device/approval', {
        body: { user_code: code.trim(), ...(approve === undefined ? {} : { approve }) },
      }),
  });
  return (
    <Page title={t('device.title')} lead={t('device.lead')}>
      <Paper withBorder p="lg" maw={520}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate(undefined);
          }}
        >
          <Stack>
            <TextInput
              required
              name="code"
              autoComplete="off"
              label={t('device.code')}
              placeholder="ABCD-EFGH"
              value={code}
              onChange={(event) => {
                setCode(event.currentTarget.value);
                ask.reset();
              }}
            />
            {ask.error && <ErrorPanel error={ask.error} />}
            {ask.data?.status === 'approved' && (
              <Alert color="teal" variant="light" role="status">
                {t('device.approved', { name: ask.data.client_name })}
              </Alert>
            )}
            {ask.data?.status === 'denied' && (
              <Alert color="orange" variant="light" role="status">
                {t('device.denied', { name: ask.data.client_name })}
              </Alert>
            )}
            {ask.data?.status === 'pending' ? (
              <>
                <Text>{t('device.waiting', { name: ask.data.client_name, address: ask.data.address })}</Text>
                <Group>
                  <Button loading={ask.isPending} onClick={() => ask.mutate(true)}>
                    {t('device.approve')}
                  </Button>
                  <Button variant="default" onClick={() => ask.mutate(false)}>
                    {t('device.deny')}
                  </Button>
                </Group>
              </>
            ) : (
              <Group>
                <Button type="submit" variant="default" loading={ask.isPending}>
                  {t('device.look')}
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </Paper>
    </Page>
  );
}
