import type { Route } from '../http/route.ts';
import { integrationCrudRoutes } from './routes/crud.ts';
import { oauthRoutes } from './routes/oauth.ts';
import { typeRoutes } from './routes/types.ts';
import { useRoutes } from './routes/use.ts';

/** Every operation on integrations, their types and their OAuth flows. */
export const integrationRoutes: Route[] = [...typeRoutes, ...oauthRoutes, ...integrationCrudRoutes, ...useRoutes];
