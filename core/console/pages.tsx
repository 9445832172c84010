import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import { match } from './navigation/match.ts';
import { navigate, useLocation } from './navigation/navigate.ts';
import { Boundary } from './parts/boundary.tsx';
import { Frame } from './parts/frame.tsx';
import { Waiting } from './parts/waiting.tsx';

type Places = Record<string, string>;
interface Page {
  at: string;
  /** without menu: the reader is not signed in yet */
  bare?: boolean;
  show: ComponentType<{ places: Places }>;
}

/** Every page and its address; each is fetched when it is first shown. */
const pages: Page[] = [
  { at: '/setup', bare: true, show: lazy(() => import('./pages/setup.tsx')) },
  { at: '/login', bare: true, show: lazy(() => import('./pages/login.tsx')) },
  { at: '/invitation', bare: true, show: lazy(() => import('./pages/invitation.tsx')) },
  { at: '/', show: Home },
  { at: '/device', show: lazy(() => import('./pages/device.tsx')) },
  { at: '/marketplace', show: lazy(() => import('./pages/marketplace.tsx')) },
  { at: '/marketplace/*name', show: lazy(() => import('./pages/marketplace-plugin.tsx')) },
  { at: '/publishers/:name', show: lazy(() => import('./pages/publisher.tsx')) },
  { at: '/install/*name', show: lazy(() => import('./pages/install.tsx')) },
  { at: '/plugins', show: lazy(() => import('./pages/plugins.tsx')) },
  { at: '/plugins/:id', show: lazy(() => import('./pages/plugin.tsx')) },
  { at: '/plugins/:id/upgrade', show: lazy(() => import('./pages/upgrade.tsx')) },
  { at: '/invocations/:id', show: lazy(() => import('./pages/invocation.tsx')) },
  { at: '/projects', show: lazy(() => import('./pages/projects.tsx')) },
  { at: '/projects/:id', show: lazy(() => import('./pages/project.tsx')) },
  { at: '/integrations', show: lazy(() => import('./pages/integrations.tsx')) },
  { at: '/integrations/new', show: lazy(() => import('./pages/new-integration.tsx')) },
  { at: '/integrations/:id', show: lazy(() => import('./pages/integration.tsx')) },
  { at: '/guide', show: lazy(() => import('./pages/guide.tsx')) },
  { at: '/webhooks', show: lazy(() => import('./pages/webhooks.tsx')) },
  { at: '/webhooks/new', show: lazy(() => import('./pages/new-webhook.tsx')) },
  { at: '/webhooks/:id', show: lazy(() => import('./pages/webhook.tsx')) },
  { at: '/events', show: lazy(() => import('./pages/events.tsx')) },
  { at: '/api-keys', show: lazy(() => import('./pages/api-keys.tsx')) },
  { at: '/account', show: lazy(() => import('./pages/account.tsx')) },
  { at: '/members', show: lazy(() => import('./pages/members.tsx')) },
  { at: '/audit', show: lazy(() => import('./pages/audit.tsx')) },
  { at: '/usage', show: lazy(() => import('./pages/usage.tsx')) },
  { at: '/authors', show: lazy(() => import('./pages/authors.tsx')) },
  { at: '/authors/*name', show: lazy(() => import('./pages/author.tsx')) },
  { at: '/reviewers', show: lazy(() => import('./pages/reviewers.tsx')) },
  { at: '/reviewers/*name', show: lazy(() => import('./pages/reviewer-release.tsx')) },
  { at: '/health', show: lazy(() => import('./pages/health.tsx')) },
];
const NotFound = lazy(() => import('./pages/not-found.tsx'));

function Home() {
  useEffect(() => navigate('/marketplace', { replace: true }), []);
  return <Waiting />;
}

export function Pages() {
  const { path } = useLocation();
  for (const page of pages) {
    const places = match(page.at, path);
    if (!places) continue;
    // The address is the key: another plugin's page starts anew, with none of the last one's input; and while the code of
    // a page is on its way, the one that was left is gone and asks for nothing more.
    const shown = (
      <Boundary key={path}>
        <Suspense fallback={<Waiting />}>
          <page.show places={places} />
        </Suspense>
      </Boundary>
    );
    return page.bare ? shown : <Frame>{shown}</Frame>;
  }
  return (
    <Frame>
      <Suspense fallback={<Waiting />}>
        <NotFound />
      </Suspense>
    </Frame>
  );
}
