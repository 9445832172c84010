import { Anchor, Badge, Card, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type { IntegrationType } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { follow, Link } from '../../navigation/link.tsx';
import { useNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';

/** Types by category. One whose plugin is not installed leads to the marketplace. */
export function Gallery({ types }: { types: IntegrationType[] }) {
  const { t } = useText();
  const names = useNames();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = types.filter((one) =>
    `${one.name} ${one.type} ${one.category} ${names.category(one.category)}`.toLowerCase().includes(wanted),
  );
  const categories = [...Map.groupBy(found, ({ category }) => category)].sort(([a], [b]) => (a < b ? -1 : 1));
  if (types.length === 0)
    return (
      <Nothing title={t('integrations.no_types')} hint={t('integrations.no_types_hint')}>
        <Link to="/marketplace">{t('nav.marketplace')}</Link>
      </Nothing>
    );
  return (
    <Stack gap="lg">
      <TextInput
        type="search"
        label={t('integrations.search')}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {categories.length === 0 && <Nothing title={t('integrations.none_found')} />}
      {categories.map(([category, all]) => (
        <Stack gap="sm" key={category} component="section" aria-label={names.category(category)}>
          <Title order={2} size="h4">
            {names.category(category)}
          </Title>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {all.map((one) => (
              <TypeCard key={one.plugin} one={one} />
            ))}
          </SimpleGrid>
        </Stack>
      ))}
    </Stack>
  );
}

function TypeCard({ one }: { one: IntegrationType }) {
  const { t } = useText();
  const names = useNames();
  const to = one.is_installed ? `/integrations/new?type=${encodeURIComponent(one.type)}` : `/marketplace/${one.plugin}`;
  return (
    <Card withBorder className="card-link" component="article">
      <Stack gap="xs" h="100%">
        <Anchor href={to} fw={650} onClick={(event) => follow(event, to)}>
          {one.name}
        </Anchor>
        <Text size="sm" lineClamp={3} flex={1}>
          {one.description}
        </Text>
        <Group gap={6}>
          <Badge variant="light" color={one.is_installed ? 'teal' : 'gray'}>
            {one.is_installed ? t('integrations.installed') : t('integrations.not_installed')}
          </Badge>
          {[...new Set(one.auth_types)].map((type) => (
            <Badge key={type} variant="outline" color="gray">
              {names.way(type)}
            </Badge>
          ))}
        </Group>
      </Stack>
    </Card>
  );
}
