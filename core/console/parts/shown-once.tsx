import { Alert, Button, CopyButton, Group, Text } from '@mantine/core';
import { useText } from '../language/use-text.tsx';

/** A secret that this one answer holds; it is in no storage of the browser and gone with the page. */
export function ShownOnce({ title, text }: { title: string; text: string }) {
  const { t } = useText();
  return (
    <Alert color="teal" variant="light" title={title} role="status">
      <Group>
        <Text ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {text}
        </Text>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? t('keys.copied') : t('keys.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
