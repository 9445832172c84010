import { Alert, Button, Group, Paper, Stack } from '@mantine/core';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { SecretInput } from '../../parts/secret-input.tsx';
import { Section } from '../../parts/section.tsx';

const empty = { current: '', password: '', again: '' };

/** Another password for the present one; every other session ends with it. */
export function Password() {
  const { t } = useText();
  const [draft, setDraft] = useState(empty);
  const set = (part: Partial<typeof empty>) => setDraft({ ...draft, ...part });
  const change = useChange(async () => {
    await request('PUT', '/auth/password', { body: { current_password: draft.current, password: draft.password } });
    setDraft(empty);
  });
  const differs = draft.again !== '' && draft.again !== draft.password;
  return (
    <Section title={t('account.password')}>
      <Paper withBorder p="lg" maw={760}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (draft.again === draft.password) change.mutate();
          }}
        >
          <Stack>
            <SecretInput
              required
              name="current"
              autoComplete="current-password"
              label={t('account.current')}
              value={draft.current}
              onChange={(event) => set({ current: event.currentTarget.value })}
            />
            <SecretInput
              required
              name="password"
              autoComplete="new-password"
              minLength={12}
              label={t('account.new')}
              description={t('setup.password_rule')}
              value={draft.password}
              onChange={(event) => set({ password: event.currentTarget.value })}
            />
            <SecretInput
              required
              name="again"
              autoComplete="new-password"
              label={t('account.again')}
              error={differs ? t('setup.differs') : null}
              value={draft.again}
              onChange={(event) => set({ again: event.currentTarget.value })}
            />
            {change.error && <ErrorPanel error={change.error} />}
            {change.isSuccess && (
              <Alert color="teal" variant="light" role="status">
                {t('account.password_changed')}
              </Alert>
            )}
            <Group>
              <Button type="submit" loading={change.isPending}>
                {t('account.password_submit')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Section>
  );
}
