import { NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useConfiguration, useProjects } from '../../api/queries.ts';
import type { Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { setQuery, useLocation } from '../../navigation/navigate.ts';
import { useNames } from '../../parts/names.ts';
import { QueryView } from '../../parts/query-view.tsx';
import { Compare } from './settings/compare.tsx';
import { History } from './settings/history.tsx';
import { Level } from './settings/level.tsx';
import { TestSettings } from './settings/test-settings.tsx';

/** The settings of a plugin at one level: the workspace, or a project that says otherwise. The level is in the address. */
export function Settings({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  const names = useNames();
  const { query: place } = useLocation();
  const project = place.get('project') ?? undefined;
  const projects = useProjects();
  const workspace = useConfiguration(plugin.id);
  const own = useConfiguration(plugin.id, project);
  // Counts how often the form began anew with what is saved.
  const [drawn, setDrawn] = useState(0);
  const schema = plugin.manifest.configuration;
  if (!schema) return <Text c="dimmed">{t('configuration.none')}</Text>;
  return (
    <Stack gap="lg">
      <NativeSelect
        maw={360}
        label={t('settings.level')}
        description={t('settings.level_hint')}
        value={project ?? ''}
        data={[
          { value: '', label: t('settings.workspace') },
          ...(projects.data?.projects ?? []).map((one) => ({
            value: one.id,
            label: t('settings.project', { name: names.project(one) }),
          })),
        ]}
        onChange={(event) => setQuery({ project: event.currentTarget.value || null })}
      />
      <QueryView query={workspace}>
        {(ofWorkspace) => (
          <QueryView query={own}>
            {(ofLevel) => (
              <Stack gap="xl">
                <Level
                  key={`${project} ${drawn}`}
                  plugin={plugin}
                  schema={schema}
                  project_id={project ?? null}
                  level={ofLevel}
                  workspace={ofWorkspace}
                  onReload={() => setDrawn(drawn + 1)}
                />
                <Compare
                  plugin={plugin}
                  schema={schema}
                  project_id={project ?? null}
                  level={ofLevel}
                  workspace={ofWorkspace}
                />
                <TestSettings plugin={plugin} project_id={project} />
                <History
                  plugin={plugin}
                  project_id={project}
                  revision={ofLevel.revision}
                  onRestored={() => setDrawn(drawn + 1)}
                />
              </Stack>
            )}
          </QueryView>
        )}
      </QueryView>
    </Stack>
  );
}
