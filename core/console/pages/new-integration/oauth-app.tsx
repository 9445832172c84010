import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useOAuthClient } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { IntegrationTypeSchema, OAuthClient } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Copy } from '../../parts/copy.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { fieldsSchema } from './account-schema.ts';

/** The app that the workspace registered at the vendor: whose it is, and the address to register there. */
export function OAuthApp({ type }: { type: IntegrationTypeSchema }) {
  const query = useOAuthClient(type.type, true);
  return <QueryView query={query}>{(app) => <App type={type} app={app} />}</QueryView>;
}

function App({ type, app }: { type: IntegrationTypeSchema; app: OAuthClient }) {
  const { t } = useText();
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(app.source === 'none');
  const path = `/integrations/types/${encodeURIComponent(type.type)}/oauth-client`;
  const save = useMutation({
    mutationFn: (fields: Record<string, unknown>) => request('PUT', path, { body: fields }),
    onSuccess: () => {
      setOpen(false);
      return client.invalidateQueries({ queryKey: [path] });
    },
  });
  const forget = useMutation({
    mutationFn: () => request('DELETE', path),
    onSuccess: () => {
      setOpen(true);
      return client.invalidateQueries({ queryKey: [path] });
    },
  });
  const sources = {
    workspace: t('oauth_app.workspace', { id: app.client_id ?? '' }),
    environment: t('oauth_app.environment'),
    none: t('oauth_app.none'),
  };
  return (
    <Alert color={app.source === 'none' ? 'orange' : 'gray'} variant="light" title={t('oauth_app.title')}>
      <Stack gap="sm">
        <Text size="sm">{sources[app.source]}</Text>
        <Group gap="xs">
          <Text size="sm">{t('oauth_app.redirect')}</Text>
          <Code style={{ overflowWrap: 'anywhere' }}>{app.redirect_uri}</Code>
          <Copy text={app.redirect_uri} size="compact-xs" />
        </Group>
        {isOpen ? (
          <SchemaForm
            schema={fieldsSchema(
              Object.keys(type.app).length > 0
                ? type.app
                : { client_id: { type: 'string' }, client_secret: { type: 'string', format: 'secret' } },
              t,
            )}
            at=""
            submit={t('oauth_app.save')}
            busy={save.isPending}
            error={save.error}
            onSubmit={(fields) => save.mutate(fields)}
          />
        ) : (
          <Group>
            <Button size="xs" variant="default" onClick={() => setOpen(true)}>
              {t('oauth_app.change')}
            </Button>
            {app.source === 'workspace' && (
              <Confirm
                label={t('oauth_app.forget')}
                title={t('oauth_app.forget')}
                text={t('oauth_app.forget_text')}
                busy={forget.isPending}
                error={forget.error}
                onConfirm={() => forget.mutate()}
              />
            )}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
