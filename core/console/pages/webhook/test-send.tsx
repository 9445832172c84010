import { Alert, Button, Group, JsonInput, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Json } from '../../parts/json.tsx';
import { Section } from '../../parts/section.tsx';

interface Outcome {
  success: boolean;
  status_code: number;
  duration_ms: number;
  response_head: string | null;
  error: string | null;
}

/** Sends a signed test now and shows what the receiver said. */
export function TestSend({ path }: { path: string }) {
  const { t } = useText();
  const [text, setText] = useState('{ "hello": "world" }');
  const test_payload = objectOf(text);
  const send = useChange(() => request<Outcome>('POST', `${path}/test`, { body: { test_payload } }));
  return (
    <Section title={t('webhooks.test')}>
      <Paper withBorder p="lg" maw={760}>
        <Stack>
          <JsonInput
            label={t('webhooks.test_data')}
            autosize
            minRows={2}
            maxRows={12}
            error={test_payload ? null : t('form.bad_json')}
            value={text}
            onChange={setText}
          />
          <Group>
            <Button variant="default" disabled={!test_payload} loading={send.isPending} onClick={() => send.mutate()}>
              {t('webhooks.test')}
            </Button>
          </Group>
          {send.error && <ErrorPanel error={send.error} />}
          {send.data && <Answer outcome={send.data} />}
        </Stack>
      </Paper>
    </Section>
  );
}

function Answer({ outcome }: { outcome: Outcome }) {
  const { t, number, say } = useText();
  const facts = { status: outcome.status_code, ms: number(Math.round(outcome.duration_ms)) };
  const title = outcome.success
    ? t('webhooks.test_good', facts)
    : outcome.status_code > 0
      ? t('webhooks.test_bad', facts)
      : t('webhooks.test_none');
  return (
    <Alert color={outcome.success ? 'teal' : 'red'} variant="light" title={title} role="status">
      {outcome.error && <Text size="sm">{say(outcome.error)}</Text>}
      {outcome.response_head && <Json label={title} value={outcome.response_head} />}
    </Alert>
  );
}

function objectOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
