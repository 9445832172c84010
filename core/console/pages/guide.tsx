import { Badge, Button, Card, Group, Progress, Stack, Text } from '@mantine/core';
import { ApiError } from '../api/api-error.ts';
import { useMe, useResource } from '../api/queries.ts';
import { useText } from '../language/use-text.tsx';
import { follow } from '../navigation/link.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { useIsAtLeast } from '../parts/role.tsx';
import { Waiting } from '../parts/waiting.tsx';

/** The first steps of a new admin; each is done when the host says so, not when somebody ticks it. */
export default function Guide() {
  const { t, pair } = useText();
  const me = useMe().data;
  const total = (path: string) => ({ path, query: { size: 1 } });
  const plugins = useTotal(total('/plugins'));
  const accounts = useTotal(total('/integrations'));
  const webhooks = useTotal(total('/webhooks'));
  // What only admins may is no step of others, and is not asked for.
  const isAdmin = useIsAtLeast('admin');
  const keys = useTotal(total('/api-keys'), isAdmin);
  const members = useTotal(total(`/workspaces/${me?.workspace_id ?? ''}/members`), Boolean(me?.workspace_id));
  const invited = useTotal(total('/invitations'), isAdmin);
  const publishers = useTotal({ path: '/registry/publishers', query: { size: 1, mine: 'true' } });
  const all = [
    { to: '/marketplace', title: t('guide.plugin'), hint: t('guide.plugin_hint'), done: plugins.total > 0 },
    { to: '/integrations/new', title: t('guide.account'), hint: t('guide.account_hint'), done: accounts.total > 0 },
    { to: '/webhooks/new', title: t('guide.event'), hint: t('guide.event_hint'), done: webhooks.total > 0 },
    { to: '/api-keys', title: t('guide.key'), hint: t('guide.key_hint'), done: keys.total > 0 },
    { to: '/members', title: t('guide.member'), hint: t('guide.member_hint'), done: members.total + invited.total > 1 },
    {
      ...{ to: '/authors', title: t('guide.publish'), hint: t('guide.publish_hint') },
      done: publishers.total > 0,
    },
  ];
  const forAdmins = ['/marketplace', '/api-keys', '/members'];
  const steps = all.filter(({ to }) => isAdmin || !forAdmins.includes(to));
  // A step that looks undone until the host answers would send people where they have been.
  if ([plugins, accounts, webhooks, keys, members, invited, publishers].some((one) => one.isLoading))
    return <Waiting />;
  const broken = [plugins, accounts, webhooks, keys, members, invited, publishers].find((one) => one.error);
  if (broken?.error)
    return (
      <Page title={t('nav.guide')} lead={t('guide.lead')}>
        <ErrorPanel error={broken.error} retry={broken.retry} />
      </Page>
    );
  const done = steps.filter((step) => step.done).length;
  const said = done === steps.length ? t('guide.all_done') : t('guide.steps', { done, all: steps.length });
  return (
    <Page title={t('nav.guide')} lead={t('guide.lead')}>
      <Stack gap={4} maw={760}>
        <Text size="sm">{said}</Text>
        <Progress value={(done / steps.length) * 100} aria-label={said} />
      </Stack>
      <Stack maw={760} gap="sm">
        {steps.map((step, index) => (
          <Card withBorder key={step.to}>
            <Group justify="space-between" wrap="nowrap">
              <div>
                <Group gap="xs">
                  <Text fw={600}>
                    {index + 1}. {step.title}
                  </Text>
                  {step.done && (
                    <Badge color="teal" variant="light">
                      {t('guide.done')}
                    </Badge>
                  )}
                </Group>
                <Text size="sm" c="dimmed">
                  {step.hint}
                </Text>
              </div>
              <Button
                component="a"
                flex="none"
                size="xs"
                variant={step.done ? 'default' : 'filled'}
                href={step.to}
                aria-label={pair(t('guide.open'), step.title)}
                onClick={(event) => follow(event, step.to)}
              >
                {t('guide.open')}
              </Button>
            </Group>
          </Card>
        ))}
      </Stack>
    </Page>
  );
}

/** How many there are of something; none for who may not know. */
function useTotal({ path, query }: { path: string; query: Record<string, string | number> }, enabled = true) {
  const { data, isLoading, error, refetch } = useResource<{ total: number }>(path, query, { enabled });
  const mayNotKnow = error instanceof ApiError && error.status === 403;
  return { total: data?.total ?? 0, isLoading, error: mayNotKnow ? null : error, retry: () => void refetch() };
}
