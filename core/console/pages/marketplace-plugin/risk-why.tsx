import { List, Stack, Text, Title } from '@mantine/core';
import type { Listing } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';

/** What the risk score is made of, point by point. */
export function RiskWhy({ risk }: { risk: Listing['risk'] }) {
  const { t } = useText();
  return (
    <Stack gap={4}>
      <Title order={2} size="h5">
        {t('plugin.risk_why')}
      </Title>
      {risk.points.length === 0 && <Text c="dimmed">{t('plugin.risk_none')}</Text>}
      <List size="sm" listStyleType="none">
        {risk.points.map(({ points, why }) => (
          <List.Item key={why}>
            {points > 0 ? '+' : ''}
            {points} {why}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
