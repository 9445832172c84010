import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import type { Integration, IntegrationTypeSchema } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { signInAtVendor } from '../../parts/sign-in-window.ts';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { fieldsSchema } from '../new-integration/account-schema.ts';

/** New credentials for the same account: by a sign-in at the vendor, or by a form; a new token now; taking it back. */
export function Reconnect({
  integration,
  type,
}: {
  integration: Integration;
  type: IntegrationTypeSchema | undefined;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const path = `/integrations/${integration.id}`;
  const [isOpen, setOpen] = useState(false);
  const done = { onSettled: () => client.invalidateQueries({ queryKey: [path] }) };
  const signIn = useMutation({
    mutationFn: async () => {
      const { error } = await signInAtVendor(`${path}/oauth/initiate`, {});
      if (error) throw new Error(error);
    },
    ...done,
  });
  const refresh = useMutation({ mutationFn: () => request('POST', `${path}/oauth/refresh`, { body: {} }), ...done });
  const revoke = useMutation({ mutationFn: () => request('POST', `${path}/oauth/revoke`), ...done });
  const current = integration.auth_config?.auth_type;
  const byForm = type?.auth.find((way) => way.type === current && Object.keys(way.fields).length > 0);
  const bySignIn = type?.auth.some((way) => way.type === 'oauth2') ?? false;
  const replace = useMutation({
    mutationFn: (fields: Record<string, unknown>) =>
      request('PATCH', path, { body: { auth_config: { name: byForm?.name, auth_type: byForm?.type, ...fields } } }),
    onSuccess: () => setOpen(false),
    ...done,
  });
  const isByOAuth = current === 'oauth2';
  const error = signIn.error ?? refresh.error;
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        {t('integrations.credentials')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('integrations.credentials_hint')}
      </Text>
      {error && <ErrorPanel error={error} />}
      {signIn.isPending && (
        <Text size="sm" role="status">
          {t('integrations.signing_in')}
        </Text>
      )}
      {(signIn.isSuccess || refresh.isSuccess || replace.isSuccess) && (
        <Alert color="teal" variant="light" role="status">
          {t('integrations.renewed')}
        </Alert>
      )}
      <Group>
        {bySignIn && (
          <Button variant="default" onClick={() => signIn.mutate()}>
            {t('integrations.reconnect')}
          </Button>
        )}
        {byForm && !isOpen && (
          <Button variant="default" onClick={() => setOpen(true)}>
            {t('integrations.replace')}
          </Button>
        )}
        {isByOAuth && (
          <Button variant="default" loading={refresh.isPending} onClick={() => refresh.mutate()}>
            {t('integrations.refresh')}
          </Button>
        )}
        {integration.status !== 'pending_setup' && (
          <Confirm
            label={t('integrations.revoke')}
            title={t('integrations.revoke_title', { name: integration.name })}
            text={t('integrations.revoke_text')}
            busy={revoke.isPending}
            error={revoke.error}
            onConfirm={() => revoke.mutate()}
          />
        )}
      </Group>
      {byForm && isOpen && (
        <SchemaForm
          schema={fieldsSchema(byForm.fields, t)}
          at="/auth_config"
          submit={t('integrations.connect')}
          busy={replace.isPending}
          error={replace.error}
          onSubmit={(fields) => replace.mutate(fields)}
        >
          <Button variant="default" onClick={() => setOpen(false)}>
            {t('form.cancel')}
          </Button>
        </SchemaForm>
      )}
    </Stack>
  );
}
