import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { chooseWorkspace } from '../api/chosen-workspace.ts';
import { request } from '../api/request.ts';
import { useText } from '../language/use-text.tsx';
import { navigate } from '../navigation/navigate.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SecretInput } from '../parts/secret-input.tsx';
import { SignInFrame } from '../parts/sign-in-frame.tsx';

/** Takes an invitation into a workspace, with an account that is there or with a new one. */
export default function Invitation() {
  const { t } = useText();
  const client = useQueryClient();
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const take = useMutation({
    mutationFn: () =>
      request<{ workspaces: unknown[]; workspace_id: string }>(
        'POST',
        `/invitations/${encodeURIComponent(token)}/accept`,
        {
          body: { email, password, session: true, ...(name && { name }), ...(totp && { totp }) },
        },
      ),
    onSuccess: ({ workspaces, workspace_id }) => {
      chooseWorkspace(workspaces.length > 1 ? workspace_id : null);
      client.clear();
      navigate('/marketplace', { replace: true });
    },
  });
  return (
    <SignInFrame title={t('invitation.title')} lead={t('invitation.lead')}>
      {token === '' ? (
        <Alert color="orange" title={t('setup.no_token')}>
          {t('invitation.no_token_hint')}
        </Alert>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            take.mutate();
          }}
        >
          <Stack>
            <TextInput
              type="email"
              name="email"
              autoComplete="username"
              required
              label={t('login.email')}
              description={t('invitation.email_hint')}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <TextInput
              name="name"
              autoComplete="name"
              label={t('invitation.name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <SecretInput
              name="password"
              autoComplete="current-password"
              required
              label={t('login.password')}
              description={t('invitation.password_hint')}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <TextInput
              name="totp"
              inputMode="numeric"
              autoComplete="one-time-code"
              label={t('login.totp')}
              description={t('login.totp_hint')}
              value={totp}
              onChange={(event) => setTotp(event.currentTarget.value)}
            />
            {take.error && <ErrorPanel error={take.error} />}
            <Button type="submit" loading={take.isPending}>
              {t('invitation.submit')}
            </Button>
            <Text size="xs" c="dimmed">
              {t('invitation.once')}
            </Text>
          </Stack>
        </form>
      )}
    </SignInFrame>
  );
}
