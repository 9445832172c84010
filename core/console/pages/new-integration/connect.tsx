import { Alert, NativeSelect, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useProjects } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { Integration, IntegrationTypeSchema, Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { Link } from '../../navigation/link.tsx';
import { navigate } from '../../navigation/navigate.ts';
import { useNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { followBack, signInAtVendor } from '../../parts/sign-in-window.ts';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { accountSchema } from './account-schema.ts';
import { OAuthApp } from './oauth-app.tsx';

/** Connects an account: by a sign-in at the vendor in a window of its own, or by a form of the fields that it takes. */
export function Connect({ type, plugin }: { type: IntegrationTypeSchema; plugin: Plugin | undefined }) {
  const { t } = useText();
  const names = useNames();
  const client = useQueryClient();
  const projects = useProjects().data?.projects ?? [];
  const [project, setProject] = useState('');
  const [wayName, setWay] = useState(type.auth[0]?.name ?? '');
  const way = type.auth.find((one) => one.name === wayName);
  const [name, setName] = useState('');
  const form = useId();
  const bySignIn = way?.type === 'oauth2' || way?.type === 'oauth1';
  const place = project ? { project_id: project } : {};
  const signIn = useMutation({
    mutationFn: () => signInAtVendor('/integrations/oauth/initiate', { integration_type: type.type, ...place }),
    onSuccess: async (back) => {
      await client.invalidateQueries();
      followBack(back);
    },
  });
  const connect = useMutation({
    mutationFn: ({ auth_config, configuration = {} }: { auth_config?: object; configuration?: object }) =>
      request<Integration>('POST', '/integrations', {
        body: {
          ...place,
          integration_type: type.type,
          name,
          configuration,
          ...(way && { auth_config: { name: way.name, auth_type: way.type, ...auth_config } }),
        },
      }),
    onSuccess: async (made) => {
      navigate(`/integrations/${made.id}`);
      await client.invalidateQueries();
    },
  });
  if (!plugin?.is_enabled)
    return (
      <Nothing title={t('integrations.not_installed')} hint={t('integrations.no_types_hint')}>
        <Link to={plugin ? `/plugins/${plugin.id}` : `/marketplace/${type.plugin}`}>{type.plugin}</Link>
      </Nothing>
    );
  return (
    <Paper withBorder p="lg" maw={680}>
      <Stack>
        {projects.length > 1 && (
          <NativeSelect
            label={t('integrations.project')}
            value={project || projects.find((one) => one.is_default)?.id}
            data={projects.map((one) => ({ value: one.id, label: names.project(one) }))}
            onChange={(event) => setProject(event.currentTarget.value)}
          />
        )}
        {type.auth.length > 1 && (
          <NativeSelect
            label={t('integrations.way')}
            value={wayName}
            data={type.auth.map((one) => ({ value: one.name, label: one.title }))}
            onChange={(event) => setWay(event.currentTarget.value)}
          />
        )}
        {bySignIn ? (
          <>
            <OAuthApp type={type} />
            <Alert variant="light">{t('integrations.sign_in_hint')}</Alert>
            {signIn.isPending && (
              <Text size="sm" role="status">
                {t('integrations.signing_in')}
              </Text>
            )}
            <SchemaForm
              schema={{}}
              at=""
              submit={t('integrations.sign_in')}
              busy={false}
              error={signIn.error}
              onSubmit={() => signIn.mutate()}
            />
          </>
        ) : (
          <>
            <TextInput
              required
              form={form}
              name="name"
              label={t('form.name')}
              description={t('integrations.name_hint')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Text size="sm" c="dimmed">
              {t('integrations.secret_hint')}
            </Text>
            <SchemaForm
              key={wayName}
              id={form}
              schema={accountSchema(way?.fields, type.configuration, t)}
              at=""
              submit={t('integrations.connect')}
              busy={connect.isPending}
              error={connect.error}
              onSubmit={(values) => connect.mutate(values)}
            />
          </>
        )}
      </Stack>
    </Paper>
  );
}
