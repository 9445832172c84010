import { Alert, NativeSelect, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { usePlugins } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { Auth, Integration, Plugin } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { navigate } from '../navigation/navigate.ts';
import { goToVendor } from '../parts/go-to-vendor.ts';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { QueryView } from '../parts/query-view.tsx';
import type { JsonSchema } from '../schema-form/json-schema.ts';
import { SchemaForm } from '../schema-form/schema-form.tsx';

/** Connects an account: with a sign-in at the vendor, or with a form made of the fields of the way of signing in. */
export default function NewIntegration() {
  const { t } = useText();
  const plugins = usePlugins();
  return (
    <Page title={t('integrations.add')} lead={<Link to="/integrations">{t('nav.integrations')}</Link>}>
      <QueryView query={plugins}>
        {({ plugins: all }) => {
          const connectable = all.filter((plugin) => plugin.is_enabled && plugin.manifest.integration);
          return connectable.length === 0 ? (
            <Nothing title={t('integrations.no_types')} hint={t('integrations.no_types_hint')}>
              <Link to="/marketplace">{t('nav.marketplace')}</Link>
            </Nothing>
          ) : (
            <Connect plugins={connectable} />
          );
        }}
      </QueryView>
    </Page>
  );
}

function Connect({ plugins }: { plugins: Plugin[] }) {
  const { t, own } = useText();
  const client = useQueryClient();
  const [chosen, setChosen] = useState(plugins[0]?.id ?? '');
  const plugin = plugins.find((one) => one.id === chosen) ?? plugins[0];
  const ways = plugin?.manifest.auth ?? [];
  const [wayName, setWay] = useState<string | null>(null);
  const way = ways.find((one) => one.name === wayName) ?? ways[0];
  const [name, setName] = useState('');
  const bySignIn = way?.type === 'oauth2' || way?.type === 'oauth1';
  const connect = useMutation({
    mutationFn: async (values: Record<string, unknown>): Promise<Integration | null> => {
      const integration_type = plugin?.manifest.integration?.type;
      if (bySignIn) {
        await goToVendor('/integrations/oauth/initiate', { integration_type });
        return null;
      }
      const auth_config = way ? { auth_config: { name: way.name, auth_type: way.type, ...values } } : {};
      return request<Integration>('POST', '/integrations', {
        body: { integration_type, name, configuration: {}, ...auth_config },
      });
    },
    onSuccess: async (made) => {
      await client.invalidateQueries();
      if (made) navigate(`/integrations/${made.id}`);
    },
  });
  return (
    <Paper withBorder p="lg" maw={640}>
      <Stack>
        <NativeSelect
          label={t('integrations.type')}
          value={plugin?.id}
          data={plugins.map((one) => ({ value: one.id, label: one.display_name }))}
          onChange={(event) => {
            setChosen(event.currentTarget.value);
            setWay(null);
          }}
        />
        {ways.length > 1 && (
          <NativeSelect
            label={t('integrations.way')}
            value={way?.name}
            data={ways.map((one) => ({ value: one.name, label: own(one.title) || one.name }))}
            onChange={(event) => setWay(event.currentTarget.value)}
          />
        )}
        {!bySignIn && (
          <>
            <TextInput
              required
              name="name"
              label={t('form.name')}
              description={t('integrations.name_hint')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Text size="sm" c="dimmed">
              {t('integrations.secret_hint')}
            </Text>
          </>
        )}
        <SchemaForm
          key={`${plugin?.id}/${way?.name}`}
          schema={bySignIn ? {} : fieldsOf(way)}
          at="/auth_config"
          submit={bySignIn ? t('integrations.sign_in') : t('integrations.connect')}
          busy={connect.isPending}
          error={connect.error}
          onSubmit={(values) => {
            if (bySignIn || name.trim()) connect.mutate(values);
          }}
        />
        {bySignIn && <Alert variant="light">{t('integrations.sign_in_hint')}</Alert>}
      </Stack>
    </Paper>
  );
}

/** The fields of a way of signing in as a schema, so that one form serves both. */
function fieldsOf(way: Auth | undefined): JsonSchema {
  const properties = way?.fields ?? {};
  const required = Object.entries(properties)
    .filter(([, field]) => !field.optional && field.default === undefined)
    .map(([name]) => name);
  return { type: 'object', properties, required };
}
