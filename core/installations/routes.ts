import type { Route } from '../http/route.ts';
import { marketplaceRoutes } from './routes/marketplace.ts';
import { pluginRoutes } from './routes/plugins.ts';
import { policyRoutes } from './routes/policy.ts';
import { upgradeRoutes } from './routes/upgrades.ts';

export const installationRoutes: Route[] = [...pluginRoutes, ...upgradeRoutes, ...marketplaceRoutes, ...policyRoutes];
