import type { Route } from '../http/route.ts';
import { marketplaceRoutes } from './routes/marketplace.ts';
import { pluginRoutes } from './routes/plugins.ts';
import { policyRoutes } from './routes/policy.ts';

export const installationRoutes: Route[] = [...pluginRoutes, ...marketplaceRoutes, ...policyRoutes];
