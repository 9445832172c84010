import { useIntegrationType, useIntegrationTypes, usePlugins } from '../api/queries.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { Page } from '../parts/page.tsx';
import { PageView, QueryView } from '../parts/query-view.tsx';
import { Connect } from './new-integration/connect.tsx';
import { Gallery } from './new-integration/gallery.tsx';

/** What can be connected, and how; the chosen type is in the address. */
export default function NewIntegration() {
  const { t } = useText();
  const type = useLocation().query.get('type');
  return type ? (
    <ConnectType type={type} />
  ) : (
    <Page title={t('integrations.add')} lead={<Link to="/integrations">{t('nav.integrations')}</Link>}>
      <All />
    </Page>
  );
}

function All() {
  const types = useIntegrationTypes({});
  return <QueryView query={types}>{({ types: all }) => <Gallery types={all} />}</QueryView>;
}

function ConnectType({ type }: { type: string }) {
  const { t } = useText();
  const schema = useIntegrationType(type);
  const plugins = usePlugins();
  return (
    <PageView query={schema}>
      {(found) => (
        <QueryView query={plugins}>
          {({ plugins: all }) => {
            const plugin = all.find((one) => one.name === found.plugin);
            return (
              <Page
                title={t('integrations.connect_title', { name: plugin?.display_name ?? found.type })}
                lead={<Link to="/integrations/new">{t('integrations.all_types')}</Link>}
              >
                <Connect type={found} plugin={plugin} />
              </Page>
            );
          }}
        </QueryView>
      )}
    </PageView>
  );
}
