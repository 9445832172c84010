import { Anchor, Button, Code, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { request } from '../../api/request.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { Copy } from '../../parts/copy.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { SecretInput } from '../../parts/secret-input.tsx';
import { Section } from '../../parts/section.tsx';
import { ShownOnce } from '../../parts/shown-once.tsx';

const submit = (act: () => void) => (event: FormEvent) => {
  event.preventDefault();
  act();
};

/** Whether sign-in asks for a code of an app as well; the recovery codes are shown once. */
export function AuthenticatorApp({ isOn }: { isOn: boolean }) {
  const { t } = useText();
  // Only this one answer has them; they stay until the page is left.
  const [recovery, setRecovery] = useState<string[] | null>(null);
  return (
    <Section title={t('account.totp')} hint={isOn ? t('account.app_is_on') : t('account.app_is_off')}>
      {recovery && <ShownOnce title={t('account.codes_once')} text={recovery.join(' ')} />}
      <Paper withBorder p="lg" maw={760}>
        {isOn ? <End /> : <Begin onBegun={setRecovery} />}
      </Paper>
    </Section>
  );
}

function Begin({ onBegun }: { onBegun(recovery: string[]): void }) {
  const { t } = useText();
  const [code, setCode] = useState('');
  const ask = useChange(() => request<{ secret: string; otpauth_url: string }>('POST', '/auth/totp', { body: {} }));
  const confirm = useChange(async () => {
    const { recovery_codes } = await request<{ recovery_codes: string[] }>('POST', '/auth/totp', {
      body: { code: code.trim() },
    });
    onBegun(recovery_codes);
  });
  if (!ask.data)
    return (
      <Stack align="flex-start">
        {ask.error && <ErrorPanel error={ask.error} />}
        <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
          {t('account.app_start')}
        </Button>
      </Stack>
    );
  return (
    <form onSubmit={submit(() => confirm.mutate())}>
      <Stack>
        <Text size="sm">{t('account.app_secret')}</Text>
        <Group gap="xs">
          <Code style={{ overflowWrap: 'anywhere' }}>{ask.data.secret}</Code>
          <Copy text={ask.data.secret} size="compact-xs" />
          <Anchor size="sm" href={ask.data.otpauth_url}>
            {t('account.app_open')}
          </Anchor>
        </Group>
        <TextInput
          required
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          label={t('account.code')}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {confirm.error && <ErrorPanel error={confirm.error} />}
        <Group>
          <Button type="submit" loading={confirm.isPending}>
            {t('account.app_turn_on')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function End() {
  const { t } = useText();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const end = useChange(() => request('DELETE', '/auth/totp', { body: { password, code: code.trim() } }));
  return (
    <form onSubmit={submit(() => end.mutate())}>
      <Stack>
        <Text size="sm">{t('account.app_end_hint')}</Text>
        <SecretInput
          required
          name="password"
          autoComplete="current-password"
          label={t('account.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <TextInput
          required
          name="code"
          autoComplete="one-time-code"
          label={t('account.code')}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {end.error && <ErrorPanel error={end.error} />}
        <Group>
          <Button type="submit" variant="default" loading={end.isPending}>
            {t('account.app_end')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
