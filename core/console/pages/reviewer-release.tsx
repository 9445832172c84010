import { Badge, Button, Group, Text } from '@mantine/core';
import { useResource } from '../api/queries.ts';
import type { Finding, Release, ReleaseDiff } from '../api/registry-types.ts';
import { request } from '../api/request.ts';
import type { Listing } from '../api/types.ts';
import { useChange } from '../api/use-change.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { State, Verified } from '../parts/badges.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { PageView, QueryView } from '../parts/query-view.tsx';
import { Section } from '../parts/section.tsx';
import { WithReason } from '../parts/with-reason.tsx';
import { Findings } from './authors/findings.tsx';
import { Changes } from './reviewers/changes.tsx';
import { PermissionChanges } from './reviewers/permission-changes.tsx';

/** One release as a reviewer reads it: findings, permissions, changed lines; then the verdict. */
export default function ReviewerRelease({ places }: { places: Record<string, string> }) {
  const { t } = useText();
  // In the query: an address that ends like a file's name is not a page's.
  const version = useLocation().query.get('version') ?? '';
  const name = places.name ?? '';
  const plugin = `/registry/plugins/${encodeURIComponent(name)}`;
  const path = `${plugin}/versions/${encodeURIComponent(version)}`;
  const release = useResource<Release>(path);
  const listing = useResource<{ package: Listing & { is_blocked?: boolean } }>(plugin);
  const findings = useResource<{ findings: Finding[] }>(`${path}/findings`);
  const diff = useResource<ReleaseDiff>(`${path}/diff`);
  return (
    <PageView query={release}>
      {(shown) => (
        <Page
          title={`${name} ${version}`}
          lead={
            <Group gap={6}>
              <Link to="/reviewers">{t('reviewers.back')}</Link>
              <State of={shown.state} />
              <Verified is={shown.is_verified} />
              {listing.data?.package.is_blocked && <Badge color="red">{t('state.blocked')}</Badge>}
            </Group>
          }
          actions={
            <>
              <Verdict release={shown} path={path} />
              {listing.data && <Block name={name} path={plugin} isBlocked={listing.data.package.is_blocked ?? false} />}
            </>
          }
        >
          {shown.verified_by && (
            <Text size="sm">
              {t('reviewers.verified_by', { who: shown.verified_by, reason: shown.verified_reason ?? '' })}
            </Text>
          )}
          {shown.state_reason && <Text size="sm">{shown.state_reason}</Text>}
          <Section title={t('reviewers.findings')}>
            <QueryView query={findings}>{(found) => <Findings findings={found.findings} />}</QueryView>
          </Section>
          <QueryView query={diff}>
            {(changes) => (
              <>
                <Section title={t('reviewers.permissions')}>
                  <PermissionChanges changes={changes.permissions} />
                </Section>
                <Changes diff={changes} />
              </>
            )}
          </QueryView>
        </Page>
      )}
    </PageView>
  );
}

function Verdict({ release, path }: { release: Release; path: string }) {
  const { t, pair } = useText();
  const verify = useChange((reason: string) => request('POST', `${path}/verify`, { body: { reason } }));
  const reject = useChange((reason: string) => request('POST', `${path}/reject`, { body: { reason } }));
  if (release.state === 'rejected') return null;
  return (
    <>
      {!release.is_verified && (
        <WithReason
          label={t('reviewers.verify')}
          title={pair(t('reviewers.verify'), release.version)}
          color="teal"
          busy={verify.isPending}
          error={verify.error}
          onConfirm={(reason) => verify.mutateAsync(reason)}
        />
      )}
      <WithReason
        label={t('reviewers.reject')}
        title={pair(t('reviewers.reject'), release.version)}
        busy={reject.isPending}
        error={reject.error}
        onConfirm={(reason) => reject.mutateAsync(reason)}
      />
    </>
  );
}

function Block({ name, path, isBlocked }: { name: string; path: string; isBlocked: boolean }) {
  const { t } = useText();
  const block = useChange((reason: string) => request('POST', `${path}/block`, { body: { reason } }));
  const lift = useChange(() => request('DELETE', `${path}/block`));
  if (isBlocked)
    return (
      <>
        <Button size="xs" variant="default" loading={lift.isPending} onClick={() => lift.mutate()}>
          {t('reviewers.unblock')}
        </Button>
        {lift.error && <ErrorPanel error={lift.error} />}
      </>
    );
  return (
    <WithReason
      label={t('reviewers.block')}
      title={t('reviewers.block_title', { name })}
      text={t('reviewers.block_text')}
      busy={block.isPending}
      error={block.error}
      onConfirm={(reason) => block.mutateAsync(reason)}
    />
  );
}
