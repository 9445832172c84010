import { Badge, Group, List, Stack, Text } from '@mantine/core';
import type { Finding } from '../../api/registry-types.ts';
import { useText } from '../../language/use-text.tsx';
import { useNames } from '../../parts/names.ts';

const colours = { error: 'red', warning: 'yellow', info: 'gray' } as const;

/** What the review of a release found, each with how to mend it. */
export function Findings({ findings }: { findings: Finding[] }) {
  const { t, say } = useText();
  const names = useNames();
  if (findings.length === 0) return <Text size="sm">{t('authors.findings_none')}</Text>;
  return (
    <List listStyleType="none" spacing="sm">
      {findings.map((one) => (
        <List.Item key={`${one.rule} ${one.file} ${one.line ?? ''} ${one.message}`}>
          <Stack gap={2}>
            <Group gap={6}>
              <Badge color={colours[one.severity]} variant="light">
                {names.severity(one.severity)}
              </Badge>
              <Text size="xs" c="dimmed">
                {one.rule} · {one.file}
                {one.line !== undefined && `:${one.line}`}
              </Text>
            </Group>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {say(one.message)}
            </Text>
            {one.fix && (
              <Text size="sm" c="dimmed">
                {t('authors.fix', { fix: say(one.fix) })}
              </Text>
            )}
          </Stack>
        </List.Item>
      ))}
    </List>
  );
}
