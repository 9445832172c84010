import { List, Stack, Text, Title } from '@mantine/core';
import type { Listing } from '../../api/types.ts';
import type { TextName } from '../../language/en.ts';
import { useText } from '../../language/use-text.tsx';
import { usePermissionNames } from '../../parts/permission-list.tsx';

const sayings: Record<string, TextName> = {
  app: 'risk.app',
  blocked: 'risk.blocked',
  days_old: 'risk.days_old',
  deprecated: 'risk.deprecated',
  emits: 'risk.emits',
  fails: 'risk.fails',
  files: 'risk.files',
  network: 'risk.network',
  open_network: 'risk.open_network',
  permission: 'risk.permission',
  private_network: 'risk.private_network',
  records: 'risk.records',
  schedule: 'risk.schedule',
  unreviewed: 'risk.unreviewed',
  unsigned: 'risk.unsigned',
  weeks_old: 'risk.weeks_old',
};

/** What the risk score is made of, point by point. */
export function RiskWhy({ risk }: { risk: Listing['risk'] }) {
  const { t } = useText();
  const namesOf = usePermissionNames();
  const aboutOf = (name: string, about: string | null) =>
    name === 'permission' && about ? namesOf([{ name: about }]) : (about ?? '');
  return (
    <Stack gap={4}>
      <Title order={2} size="h5">
        {t('plugin.risk_why')}
      </Title>
      {risk.points.length === 0 && <Text c="dimmed">{t('plugin.risk_none')}</Text>}
      <List size="sm" listStyleType="none">
        {risk.points.map(({ points, name, about, why }) => (
          <List.Item key={why}>
            +{points} {sayings[name] ? t(sayings[name], { about: aboutOf(name, about) }) : why}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
