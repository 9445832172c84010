import type { Route } from '../http/route.ts';
import { callRoutes } from './routes/calls.ts';
import { logRoutes } from './routes/logs.ts';

export const invocationRoutes: Route[] = [...callRoutes, ...logRoutes];
