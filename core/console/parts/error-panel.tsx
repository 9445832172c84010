import { Alert, Button, Code, List, Stack, Text } from '@mantine/core';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../language/use-text.tsx';

/** What went wrong, in the host's own sentence, with each broken field and the request's id to ask about. */
export function ErrorPanel({ error, retry }: { error: Error; retry?: () => void }) {
  const { t, say } = useText();
  const refusal = error instanceof ApiError ? error : null;
  const offline = refusal?.code === 'offline';
  const inner = refusal?.plugin_error;
  return (
    <Alert color="red" variant="light" role="alert" title={offline ? t('error.offline') : t('error.title')}>
      <Stack gap="xs" align="flex-start">
        {offline ? <Text size="sm">{t('error.offline_hint')}</Text> : <Text size="sm">{say(error.message)}</Text>}
        {inner?.message && inner.message !== error.message && <Code block>{say(inner.message)}</Code>}
        {refusal && refusal.fields.length > 0 && (
          <List size="sm">
            {refusal.fields.map((field) => (
              <List.Item key={field.pointer + field.message}>
                <Code>{field.pointer || '/'}</Code> {say(field.message)}
              </List.Item>
            ))}
          </List>
        )}
        {refusal?.request_id && (
          <Text size="xs" c="dimmed">
            {t('error.request', { id: refusal.request_id, code: refusal.code })}
          </Text>
        )}
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t('error.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
