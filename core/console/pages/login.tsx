import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/request.ts';
import { useText } from '../language/use-text.tsx';
import { navigate, useLocation } from '../navigation/navigate.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SecretInput } from '../parts/secret-input.tsx';
import { SignInFrame } from '../parts/sign-in-frame.tsx';

export default function Login() {
  const { t } = useText();
  const { query } = useLocation();
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const enter = useMutation({
    mutationFn: () =>
      request('POST', '/auth/login', { body: { email, password, session: true, ...(totp ? { totp } : {}) } }),
    onSuccess: () => {
      client.clear();
      navigate(pageOfOurs(query.get('next')), { replace: true });
    },
  });
  return (
    <SignInFrame title={t('login.title')} lead={t('login.lead')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate();
        }}
      >
        <Stack>
          <TextInput
            type="email"
            name="email"
            autoComplete="username"
            required
            label={t('login.email')}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <SecretInput
            name="password"
            autoComplete="current-password"
            required
            label={t('login.password')}
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
          {enter.error && <ErrorPanel error={enter.error} />}
          <Button type="submit" loading={enter.isPending}>
            {t('login.submit')}
          </Button>
        </Stack>
      </form>
    </SignInFrame>
  );
}

/** A link may name where to go after sign-in, but only a page of this console. */
function pageOfOurs(next: string | null): string {
  const url = next ? URL.parse(next, location.origin) : null;
  return url?.origin === location.origin ? url.pathname + url.search + url.hash : '/marketplace';
}
