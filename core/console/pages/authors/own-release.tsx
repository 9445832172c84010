import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useResource } from '../../api/queries.ts';
import type { Finding, Release } from '../../api/registry-types.ts';
import { request } from '../../api/request.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { Deprecated, State, Verified } from '../../parts/badges.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { WithReason } from '../../parts/with-reason.tsx';
import { Findings } from './findings.tsx';

/** One release of one's own: its state and why, its findings, and what can be done about it. */
export function OwnRelease({ release }: { release: Release }) {
  const { t, time, number, pair } = useText();
  const [open, setOpen] = useState(false);
  const path = `/registry/plugins/${encodeURIComponent(release.name)}/versions/${encodeURIComponent(release.version)}`;
  return (
    <Paper withBorder p="sm" component="article">
      <Stack gap="xs">
        <Group justify="space-between">
          <div>
            <Group gap="xs">
              <Text fw={600}>{release.version}</Text>
              <State of={release.state} />
              <Verified is={release.is_verified} />
              {release.deprecated && <Deprecated />}
            </Group>
            <Text size="xs" c="dimmed">
              {time(release.published_at)} · {pair(t('authors.downloads'), number(release.download_count))}
            </Text>
          </div>
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              aria-expanded={open}
              aria-label={pair(t('authors.findings'), release.version)}
              onClick={() => setOpen(!open)}
            >
              {t('authors.findings')}
            </Button>
            <Advice release={release} path={path} />
            {release.state === 'published' && <Yank release={release} path={path} />}
          </Group>
        </Group>
        {release.state_reason && <Text size="sm">{release.state_reason}</Text>}
        {release.deprecated && <Text size="sm">{t('authors.deprecated', { reason: release.deprecated.reason })}</Text>}
        {open && <Found path={path} />}
      </Stack>
    </Paper>
  );
}

function Found({ path }: { path: string }) {
  const found = useResource<{ findings: Finding[] }>(`${path}/findings`);
  return <QueryView query={found}>{({ findings }) => <Findings findings={findings} />}</QueryView>;
}

function Advice({ release, path }: { release: Release; path: string }) {
  const { t } = useText();
  const advise = useChange((reason: string) => request('POST', `${path}/deprecate`, { body: { reason } }));
  if (release.deprecated)
    return (
      <>
        <Button size="xs" variant="default" loading={advise.isPending} onClick={() => advise.mutate('')}>
          {t('authors.take_back')}
        </Button>
        {advise.error && <ErrorPanel error={advise.error} />}
      </>
    );
  return (
    <WithReason
      label={t('authors.deprecate')}
      title={t('authors.deprecate_title', { version: release.version })}
      color="cyan"
      busy={advise.isPending}
      error={advise.error}
      onConfirm={(reason) => advise.mutateAsync(reason)}
    />
  );
}

function Yank({ release, path }: { release: Release; path: string }) {
  const { t } = useText();
  const yank = useChange((reason: string) => request('POST', `${path}/yank`, { body: { reason } }));
  return (
    <WithReason
      label={t('authors.yank')}
      title={t('authors.yank_title', { version: release.version })}
      text={t('authors.yank_text')}
      busy={yank.isPending}
      error={yank.error}
      onConfirm={(reason) => yank.mutateAsync(reason)}
    />
  );
}
