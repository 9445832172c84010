import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/request.ts';
import { useText } from '../language/use-text.tsx';
import { navigate } from '../navigation/navigate.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SecretInput } from '../parts/secret-input.tsx';
import { SignInFrame } from '../parts/sign-in-frame.tsx';

/** The first admin: the one-time link that the host printed carries its token behind the #, where no log sees it. */
export default function Setup() {
  const { t } = useText();
  const client = useQueryClient();
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const make = useMutation({
    mutationFn: () => request('POST', '/auth/setup', { body: { token, email, password, session: true } }),
    onSuccess: () => {
      client.clear();
      navigate('/guide', { replace: true });
    },
  });
  const differs = again !== '' && again !== password;
  return (
    <SignInFrame title={t('setup.title')} lead={t('setup.lead')}>
      {token === '' ? (
        <Alert color="orange" title={t('setup.no_token')}>
          {t('setup.no_token_hint')}
        </Alert>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (again === password) make.mutate();
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
              autoComplete="new-password"
              required
              minLength={12}
              label={t('login.password')}
              description={t('setup.password_rule')}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <SecretInput
              name="again"
              autoComplete="new-password"
              required
              label={t('setup.again')}
              error={differs ? t('setup.differs') : null}
              value={again}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
            {make.error && <ErrorPanel error={make.error} />}
            <Button type="submit" loading={make.isPending}>
              {t('setup.submit')}
            </Button>
          </Stack>
        </form>
      )}
    </SignInFrame>
  );
}
