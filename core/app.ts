import { existsSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import Koa from 'koa';
import { authenticate } from './access/authenticate.ts';
import { authorise } from './access/authorise.ts';
import { followAccess } from './access/follow-access.ts';
import { takeTurn } from './access/limits/take-turn.ts';
import { accessRoutes } from './access/routes.ts';
import type { Config } from './config.ts';
import { configurationRoutes } from './configurations/routes.ts';
import { eventRoutes } from './events/routes.ts';
import { healthRoutes } from './health.ts';
import { hookRoutes } from './hooks/routes.ts';
import { docsPage, docsStyle } from './http/docs.ts';
import { files } from './http/files.ts';
import { cors, securityHeaders } from './http/harden.ts';
import { olderPaths } from './http/older-clients.ts';
import { openApi } from './http/openapi.ts';
import { problemsPage } from './http/problems-page.ts';
import { request } from './http/request.ts';
import { noteBrokenAnswer } from './http/respond.ts';
import type { Route } from './http/route.ts';
import { createRouter } from './http/router.ts';
import { serve } from './http/serve.ts';
import { installationRoutes } from './installations/routes.ts';
import { integrationRoutes } from './integrations/routes.ts';
import { invocationRoutes } from './invocations/routes.ts';
import { jobRoutes } from './jobs/routes.ts';
import { platformRoutes } from './platform.ts';
import { registryRoutes } from './registry/routes.ts';
import { syncRoutes } from './syncs/routes.ts';
import { version } from './version.ts';
import { webhookRoutes } from './webhooks/routes.ts';

/** Every operation of the API. */
export const allRoutes: readonly Route[] = [
  ...healthRoutes,
  ...platformRoutes,
  ...accessRoutes,
  ...registryRoutes,
  ...installationRoutes,
  ...configurationRoutes,
  ...invocationRoutes,
  ...integrationRoutes,
  ...hookRoutes,
  ...syncRoutes,
  ...jobRoutes,
  ...eventRoutes,
  ...webhookRoutes,
];

/** The whole web side of the host: API, its documentation, and the console. */
export function createApp(
  config: Config,
  routes: readonly Route[] = allRoutes,
): { handler: RequestListener; document: Record<string, unknown> } {
  const document = openApi(routes, { url: config.url, version });
  const docs = docsPage(document);
  const problems = problemsPage();
  const app = new Koa();
  app.on('error', noteBrokenAnswer);
  app.use(request({ trust_proxy: config.trust_proxy }));
  app.use(securityHeaders({ tls: config.url.startsWith('https:') }));
  app.use(cors(config.cors_origins));
  app.use(async (ctx, next) => {
    if (ctx.method !== 'GET' || !/^\/docs(\/|$)/.test(ctx.path)) return next();
    if (ctx.path === '/docs/style.css') {
      ctx.type = 'css';
      ctx.body = docsStyle;
    } else if (ctx.path === '/docs/problems') {
      ctx.type = 'html';
      ctx.body = problems;
    } else if (ctx.path === '/docs' || ctx.path === '/docs/') {
      ctx.type = 'html';
      ctx.body = docs;
    } else {
      return next();
    }
    return undefined;
  });
  const console = join(import.meta.dirname, 'console/dist');
  if (existsSync(console)) app.use(files(console));
  app.use(olderPaths());
  app.use(createRouter(routes, serve({ authenticate, authorise, follow: followAccess, takeTurn })));
  return { handler: app.callback(), document };
}
