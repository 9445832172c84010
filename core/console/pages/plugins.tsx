import { Anchor, Button, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { usePlugins } from '../api/queries.ts';
import { useText } from '../language/use-text.tsx';
import { follow } from '../navigation/link.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { PluginBadges } from '../parts/badges.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { PluginIcon } from '../parts/plugin-icon.tsx';
import { QueryView } from '../parts/query-view.tsx';

export default function Plugins() {
  const { t } = useText();
  const { query: place } = useLocation();
  const query = usePlugins({ page: Number(place.get('page') ?? 1) });
  const find = (
    <Button component="a" href="/marketplace" onClick={(event) => follow(event, '/marketplace')}>
      {t('plugins.find')}
    </Button>
  );
  return (
    <Page title={t('plugins.title')} lead={t('plugins.lead')} actions={find}>
      <QueryView query={query}>
        {({ plugins, total, page, size }) =>
          plugins.length === 0 ? (
            <Nothing title={t('plugins.none')} hint={t('plugins.none_hint')} />
          ) : (
            <Stack>
              <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
                {plugins.map((plugin) => (
                  <Card withBorder className="card-link" component="article" key={plugin.id}>
                    <Stack gap="sm">
                      <Group wrap="nowrap" align="flex-start">
                        <PluginIcon name={plugin.name} icon={plugin.icon} />
                        <div>
                          <Anchor
                            href={`/plugins/${plugin.id}`}
                            fw={650}
                            onClick={(event) => follow(event, `/plugins/${plugin.id}`)}
                          >
                            {plugin.display_name}
                          </Anchor>
                          <Text size="xs" c="dimmed">
                            {plugin.name} {plugin.version}
                          </Text>
                        </div>
                      </Group>
                      <PluginBadges plugin={plugin} />
                      {plugin.available_version && (
                        <Text size="sm">{t('plugin.newer', { version: plugin.available_version })}</Text>
                      )}
                    </Stack>
                  </Card>
                ))}
              </SimpleGrid>
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Page>
  );
}
