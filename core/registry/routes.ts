import type { Route } from '../http/route.ts';
import { logRoutes } from './routes/log.ts';
import { packageRoutes } from './routes/packages.ts';
import { publisherRoutes } from './routes/publishers.ts';
import { releaseRoutes } from './routes/releases.ts';
import { reviewerRoutes } from './routes/reviewers.ts';
import { reviewRoutes } from './routes/reviews.ts';

export const registryRoutes: Route[] = [
  ...publisherRoutes,
  ...packageRoutes,
  ...releaseRoutes,
  ...reviewerRoutes,
  ...reviewRoutes,
  ...logRoutes,
];
