import { Code } from '@mantine/core';

/** Data as it is, to read: the keyboard reaches and scrolls it. */
export function Json({ value, label }: { value: unknown; label: string }) {
  return (
    <Code block tabIndex={0} role="region" aria-label={label} mah={420} style={{ overflow: 'auto' }}>
      {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
    </Code>
  );
}
