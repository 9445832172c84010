import { Anchor, Badge, Card, Group, Stack, Text } from '@mantine/core';
import type { Listing } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { follow, Link } from '../navigation/link.tsx';
import { Deprecated, Risk, Verified } from './badges.tsx';
import { PluginIcon } from './plugin-icon.tsx';

/** A plugin of the marketplace at a glance. */
export function PluginCard({ plugin }: { plugin: Listing }) {
  const { t, number } = useText();
  const to = `/marketplace/${plugin.name}`;
  return (
    <Card withBorder className="card-link" component="article">
      <Stack gap="sm" h="100%">
        <Group wrap="nowrap" align="flex-start">
          <PluginIcon name={plugin.name} icon={plugin.icon} />
          <div>
            <Anchor href={to} fw={650} onClick={(event) => follow(event, to)}>
              {plugin.display_name}
            </Anchor>
            <Text size="xs" c="dimmed">
              {plugin.name} {plugin.version}
            </Text>
            <Link to={`/publishers/${plugin.publisher}`} size="xs">
              {t('plugin.by', { name: plugin.publisher })}
            </Link>
          </div>
        </Group>
        <Text size="sm" lineClamp={3} flex={1}>
          {plugin.description}
        </Text>
        <Group gap={6}>
          <ListingBadges plugin={plugin} />
          <Badge variant="light" color="gray">
            {t('plugin.downloads', { count: number(plugin.download_count) })}
          </Badge>
          {plugin.review_count > 0 && (
            <Badge variant="light" color="yellow" autoContrast>
              {t('plugin.rating', {
                rating: number(Math.round(plugin.rating * 10) / 10),
                count: number(plugin.review_count),
              })}
            </Badge>
          )}
        </Group>
      </Stack>
    </Card>
  );
}

/** Whether one should trust it, in badges. */
export function ListingBadges({ plugin }: { plugin: Listing }) {
  const { t } = useText();
  return (
    <>
      <Verified is={plugin.is_verified} />
      <Risk score={plugin.risk.score} />
      {plugin.is_blocked && (
        <Badge variant="light" color="red">
          {t('state.blocked')}
        </Badge>
      )}
      {plugin.is_deprecated && <Deprecated />}
    </>
  );
}
