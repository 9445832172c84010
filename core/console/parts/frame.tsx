import {
  ActionIcon,
  Anchor,
  AppShell,
  Burger,
  Button,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Stack,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import { useDisclosure, useHotkeys, useMediaQuery } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { ApiError } from '../api/api-error.ts';
import { chooseWorkspace, chosenWorkspace, shownWorkspace } from '../api/chosen-workspace.ts';
import { useMe } from '../api/queries.ts';
import { request } from '../api/request.ts';
import { type Language, languages } from '../language/current-language.ts';
import type { TextName } from '../language/en.ts';
import { useText } from '../language/use-text.tsx';
import { follow } from '../navigation/link.tsx';
import { navigate, useLocation } from '../navigation/navigate.ts';
import { ErrorPanel } from './error-panel.tsx';
import { QueryView } from './query-view.tsx';
import { WorkspaceMenu } from './workspace-menu.tsx';

type Place = readonly [to: string, name: TextName, site?: 'reviews'];
const groups: readonly (readonly [name: TextName, places: readonly Place[]])[] = [
  [
    'nav.group_build',
    [
      ['/guide', 'nav.guide'],
      ['/marketplace', 'nav.marketplace'],
      ['/plugins', 'nav.plugins'],
      ['/projects', 'nav.projects'],
      ['/integrations', 'nav.integrations'],
      ['/webhooks', 'nav.webhooks'],
      ['/events', 'nav.events'],
    ],
  ],
  [
    'nav.group_author',
    [
      ['/authors', 'nav.authors'],
      ['/reviewers', 'nav.reviewers', 'reviews'],
    ],
  ],
  [
    'nav.group_run',
    [
      ['/api-keys', 'nav.api_keys'],
      ['/members', 'nav.members'],
      ['/audit', 'nav.audit'],
      ['/usage', 'nav.usage'],
      ['/health', 'nav.health'],
    ],
  ],
];
/** Pages that belong to a place of the menu, though their address does not begin so. */
const under: Partial<Record<string, string[]>> = {
  '/marketplace': ['/install/', '/publishers/'],
  '/plugins': ['/invocations/'],
};
const names: Record<Language, string> = { en: 'English', 'zh-Hans': '简体中文', 'zh-Hant': '繁體中文' };

/** Choice of language and of light or dark; also on the pages before sign-in. */
export function Preferences() {
  const { t, language, setLanguage } = useText();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  return (
    <Group gap="xs" wrap="nowrap">
      <Menu>
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" aria-label={t('nav.language', { language: names[language] })}>
            {names[language]}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {languages.map((one) => (
            <Menu.Item key={one} lang={one} onClick={() => setLanguage(one)}>
              {names[one]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        variant="subtle"
        aria-label={scheme === 'dark' ? t('nav.light') : t('nav.dark')}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        <span aria-hidden="true">{scheme === 'dark' ? '☀' : '☾'}</span>
      </ActionIcon>
    </Group>
  );
}

/** What surrounds every page of a signed-in reader. */
export function Frame({ children }: { children: ReactNode }) {
  const { t } = useText();
  const { path } = useLocation();
  const [opened, { toggle, close }] = useDisclosure();
  const isNarrow = useMediaQuery('(max-width: 47.99em)') ?? false;
  const me = useMe();
  const burger = useRef<HTMLButtonElement>(null);
  // As a dialog does it: away with Escape, and the keyboard is where it was.
  const leaveMenu = () => {
    if (!opened) return;
    close();
    burger.current?.focus();
  };
  useHotkeys([['Escape', leaveMenu, { preventDefault: false }]]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="lg"
    >
      <AppShell.Header>
        <a className="skip-link" href="#main">
          {t('nav.skip')}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              ref={burger}
              opened={opened}
              aria-expanded={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('nav.menu')}
            />
            <Anchor
              href="/marketplace"
              underline="never"
              c="inherit"
              onClick={(event) => follow(event, '/marketplace')}
            >
              <Group gap={8} wrap="nowrap">
                <img src="/patchbay.svg" width={26} height={26} alt="" />
                <VisuallyHidden>Patchbay</VisuallyHidden>
                <Text fw={700} visibleFrom="xs" aria-hidden="true" style={{ whiteSpace: 'nowrap' }}>
                  Patchbay
                </Text>
              </Group>
            </Anchor>
          </Group>
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Preferences />
            {me.data && <Account email={me.data.user.email} />}
          </Group>
        </Group>
      </AppShell.Header>
      {/* Moved out of a phone's window it is out of the keyboard's way too. */}
      <AppShell.Navbar p="sm" aria-label={t('nav.menu')} inert={isNarrow && !opened}>
        <ScrollArea type="auto">
          {me.data && <WorkspaceMenu me={me.data} onSwitch={close} />}
          {groups.map(([group, places]) => (
            <div key={group}>
              <Text size="xs" c="dimmed" fw={600} px="sm" pt="sm" pb={4}>
                {t(group)}
              </Text>
              {places
                .filter(([, , site]) => !site || (me.data?.user.site_roles?.length ?? 0) > 0)
                .map(([to, name]) => (
                  <NavLink
                    key={to}
                    href={to}
                    label={t(name)}
                    active={path === to || [`${to}/`, ...(under[to] ?? [])].some((one) => path.startsWith(one))}
                    aria-current={path === to ? 'page' : undefined}
                    onClick={(event) => {
                      close();
                      follow(event, to);
                    }}
                  />
                ))}
            </div>
          ))}
          <NavLink href="/docs" label={t('nav.docs')} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        {me.error && <ShutOut error={me.error} isShown={me.data === undefined} />}
        <QueryView query={me}>{() => children}</QueryView>
      </AppShell.Main>
    </AppShell>
  );
}

/** Who was taken out of a workspace, or whose address it does not let in, is not kept out of the others by having chosen it. */
function ShutOut({ error, isShown }: { error: Error; isShown: boolean }) {
  const { t } = useText();
  const client = useQueryClient();
  if (!(error instanceof ApiError) || ![403, 404].includes(error.status)) return null;
  if (chosenWorkspace() === null && shownWorkspace() === null) return null;
  const leave = () => {
    chooseWorkspace(null);
    void client.resetQueries();
  };
  return (
    <Stack mb="md" align="flex-start">
      {!isShown && <ErrorPanel error={error} />}
      <Button variant="default" onClick={leave}>
        {t('workspaces.first')}
      </Button>
    </Stack>
  );
}

function Account({ email }: { email: string }) {
  const { t } = useText();
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: () => {
      // Also somebody who was taken out of the workspace that is shown can sign out.
      chooseWorkspace(null);
      return request('POST', '/auth/logout', { body: {} });
    },
    onSettled: () => {
      client.clear();
      navigate('/login');
    },
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-sm" variant="default" aria-label={t('nav.account', { email })} maw={180} miw={0}>
          <Text span inherit truncate>
            {email.split('@')[0]}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{email}</Menu.Label>
        <Menu.Item component="a" href="/account" onClick={(event) => follow(event, '/account')}>
          {t('account.title')}
        </Menu.Item>
        <Menu.Item onClick={() => leave.mutate()}>{t('nav.logout')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
