import { Badge, Loader, Table } from '@mantine/core';
import { useConfiguration, usePlugins, useProjects } from '../api/queries.ts';
import type { Plugin } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { useNames } from '../parts/names.ts';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { QueryView } from '../parts/query-view.tsx';

/** A project's settings, plugin by plugin. */
export default function Project({ places }: { places: Record<string, string> }) {
  const { t } = useText();
  const id = places.id ?? '';
  const names = useNames();
  const project = useProjects().data?.projects.find((one) => one.id === id);
  const name = project ? names.project(project) : id;
  const plugins = usePlugins();
  return (
    <Page title={t('projects.title', { name })} lead={<Link to="/projects">{t('nav.projects')}</Link>}>
      <QueryView query={plugins}>
        {({ plugins: all }) =>
          all.length === 0 ? (
            <Nothing title={t('plugins.none')} hint={t('plugins.none_hint')} />
          ) : (
            <Table.ScrollContainer minWidth={480}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('projects.plugin')}</Table.Th>
                    <Table.Th>{t('projects.says')}</Table.Th>
                    <Table.Th>{t('plugin.state')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {all.map((plugin) => (
                    <Line key={plugin.id} plugin={plugin} project_id={id} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </QueryView>
    </Page>
  );
}

function Line({ plugin, project_id }: { plugin: Plugin; project_id: string }) {
  const { t } = useText();
  const query = useConfiguration(plugin.id, project_id);
  const own = query.data;
  return (
    <Table.Tr>
      <Table.Td>
        <Link to={`/plugins/${plugin.id}?tab=configuration&project=${encodeURIComponent(project_id)}`}>
          {plugin.display_name}
        </Link>
      </Table.Td>
      <Table.Td>
        {!own && !query.error && <Loader size="xs" type="dots" role="status" aria-label={t('state.loading')} />}
        {own && (own.revision === 0 ? t('projects.as_workspace') : Object.keys(own.configuration).join(', ') || '–')}
      </Table.Td>
      <Table.Td>
        {own && (
          <Badge variant="light" color={plugin.is_enabled && own.is_active ? 'teal' : 'gray'}>
            {plugin.is_enabled && own.is_active ? t('plugin.enabled') : t('plugin.disabled')}
          </Badge>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
