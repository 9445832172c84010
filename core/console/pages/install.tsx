import { Alert, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { usePackage, usePlugins, useRelease } from '../api/queries.ts';
import type { Package, Permission, Plugin } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { PageView, QueryView } from '../parts/query-view.tsx';
import { Consent } from './install/consent.tsx';
import { FirstSettings } from './install/first-settings.tsx';
import { Result } from './install/result.tsx';

export default function Install({ places }: { places: Record<string, string> }) {
  const query = usePackage(places.name ?? '');
  return <PageView query={query}>{(found) => <Steps found={found} />}</PageView>;
}

/** Installing is consent to one release, then its settings, then what came of it. */
function Steps({ found }: { found: Package }) {
  const { t } = useText();
  const [version, setVersion] = useState(found.version ?? '');
  const [done, setDone] = useState<{ plugin: Plugin; declined: Permission[]; isConfigured: boolean | null } | null>(
    null,
  );
  const release = useRelease(found.name, version);
  const installed = usePlugins().data?.plugins.find(({ name }) => name === found.name);
  const hasSettings = Object.keys(done?.plugin.manifest.configuration?.properties ?? {}).length > 0;
  const step = !done ? 1 : hasSettings && done.isConfigured === null ? 2 : 3;
  return (
    <Page
      title={t('install.title', { name: found.display_name })}
      lead={<Link to={`/marketplace/${found.name}`}>{t('install.back')}</Link>}
    >
      {version === '' ? (
        <Nothing title={t('install.nothing')} />
      ) : (
        <Paper withBorder p="lg" maw={760}>
          <Stack gap="lg">
            <Text size="sm" c="dimmed" role="status">
              {t('install.step', { step })}
            </Text>
            {step === 1 && installed && (
              <Alert color="blue" variant="light" title={t('install.already', { version: installed.version })}>
                <Link to={`/plugins/${installed.id}`}>{t('plugin.open_installed')}</Link>
              </Alert>
            )}
            {step === 1 && (
              <QueryView query={release}>
                {(chosen) => (
                  <Consent
                    key={chosen.version}
                    found={found}
                    release={chosen}
                    onVersion={setVersion}
                    onInstalled={(plugin, declined) => setDone({ plugin, declined, isConfigured: null })}
                  />
                )}
              </QueryView>
            )}
            {step === 2 && done && (
              <FirstSettings plugin={done.plugin} onDone={(isConfigured) => setDone({ ...done, isConfigured })} />
            )}
            {step === 3 && done && <Result {...done} />}
          </Stack>
        </Paper>
      )}
    </Page>
  );
}
