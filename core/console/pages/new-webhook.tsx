import { Button, Group, NativeSelect, Paper, Stack } from '@mantine/core';
import { useState } from 'react';
import { useResource } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { Page as Listed, Project } from '../api/types.ts';
import { useChange } from '../api/use-change.ts';
import type { Webhook } from '../api/webhook-types.ts';
import { useText } from '../language/use-text.tsx';
import { follow } from '../navigation/link.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { useNames } from '../parts/names.ts';
import { Page } from '../parts/page.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { bodyOf, type WebhookDraft, WebhookFields } from './webhook/fields.tsx';

const empty: WebhookDraft = {
  ...{ name: '', url: '', events: [], schedule: 'short', timeout_seconds: 30, order_key: '' },
};

export default function NewWebhook() {
  const { t } = useText();
  const names = useNames();
  const [draft, setDraft] = useState(empty);
  const [picked, setPicked] = useState<string | null>(null);
  const found = useResource<Listed<'projects', Project>>('/projects', { size: 100 });
  const projects = found.data?.projects ?? [];
  // What the list shows is what is sent.
  const project = picked ?? projects[0]?.id;
  const make = useChange(() =>
    request<Webhook>('POST', '/webhooks', {
      body: { ...bodyOf(draft), ...(project !== undefined && { project_id: project }) },
    }),
  );
  if (make.data)
    return (
      <Page title={make.data.name}>
        <ShownOnce title={t('webhooks.secret_once')} text={make.data.secret} />
        <Group>
          <Button
            component="a"
            href={`/webhooks/${make.data.id}`}
            onClick={(event) => follow(event, `/webhooks/${make.data.id}`)}
          >
            {t('webhooks.open')}
          </Button>
        </Group>
      </Page>
    );
  // Else the choice of a project would push the form down under somebody's hand.
  if (found.isPending)
    return (
      <Page title={t('webhooks.new')} lead={t('webhooks.none_hint')}>
        <Waiting />
      </Page>
    );
  return (
    <Page title={t('webhooks.new')} lead={t('webhooks.none_hint')}>
      <Paper withBorder p="lg" maw={760}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <Stack>
            {projects.length > 1 && (
              <NativeSelect
                label={t('webhooks.project')}
                value={project ?? ''}
                data={projects.map((one) => ({ value: one.id, label: names.project(one) }))}
                onChange={(event) => setPicked(event.currentTarget.value)}
              />
            )}
            <WebhookFields draft={draft} error={make.error} onChange={setDraft} />
            {make.error && <ErrorPanel error={make.error} />}
            <Group>
              <Button type="submit" loading={make.isPending} disabled={draft.events.length === 0}>
                {t('webhooks.make')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Page>
  );
}
