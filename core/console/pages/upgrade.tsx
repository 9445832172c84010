import { NativeSelect, Paper, Stack } from '@mantine/core';
import { usePackage, usePlugin } from '../api/queries.ts';
import type { Package, Plugin } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { setQuery, useLocation } from '../navigation/navigate.ts';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { PageView } from '../parts/query-view.tsx';
import { Plan } from './upgrade/plan.tsx';

export default function Upgrade({ places }: { places: Record<string, string> }) {
  const query = usePlugin(places.id ?? '');
  return <PageView query={query}>{(plugin) => <WithPackage plugin={plugin} />}</PageView>;
}

function WithPackage({ plugin }: { plugin: Plugin }) {
  const query = usePackage(plugin.name);
  return <PageView query={query}>{(found) => <Choose plugin={plugin} found={found} />}</PageView>;
}

/** Which release to take the plugin to, and on one page what that would do. */
function Choose({ plugin, found }: { plugin: Plugin; found: Package }) {
  const { t } = useText();
  const { query } = useLocation();
  const versions = found.versions
    .filter((one) => one.state === 'published' && one.version !== plugin.version)
    .map((one) => one.version);
  const version = query.get('version') ?? plugin.available_version ?? versions[0];
  return (
    <Page
      title={t('upgrade.title', { name: plugin.display_name })}
      lead={<Link to={`/plugins/${plugin.id}`}>{t('upgrade.back')}</Link>}
    >
      {version === undefined ? (
        <Nothing title={t('upgrade.none')} hint={t('upgrade.none_hint', { version: plugin.version })} />
      ) : (
        <Paper withBorder p="lg" maw={860}>
          <Stack gap="lg">
            <NativeSelect
              maw={240}
              label={t('upgrade.to')}
              value={version}
              data={versions.includes(version) ? versions : [version, ...versions]}
              onChange={(event) => setQuery({ version: event.currentTarget.value })}
            />
            <Plan key={version} plugin={plugin} version={version} />
          </Stack>
        </Paper>
      )}
    </Page>
  );
}
