import { Alert, Group, Text } from '@mantine/core';
import { Copy } from './copy.tsx';

/** A secret that this one answer holds; it is in no storage of the browser and gone with the page. */
export function ShownOnce({ title, text }: { title: string; text: string }) {
  return (
    <Alert color="teal" variant="light" title={title} role="status">
      <Group>
        <Text ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {text}
        </Text>
        <Copy text={text} />
      </Group>
    </Alert>
  );
}
