import { auditRoutes } from '../audit/routes.ts';
import type { Route } from '../http/route.ts';
import { accountRoutes } from './routes/account.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { deviceRoutes } from './routes/device.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { projectRoutes } from './routes/projects.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { usageRoutes } from './routes/usage.ts';
import { workspaceRoutes } from './routes/workspaces.ts';

export const accessRoutes: Route[] = [
  ...signInRoutes,
  ...accountRoutes,
  ...deviceRoutes,
  ...invitationRoutes,
  ...workspaceRoutes,
  ...projectRoutes,
  ...apiKeyRoutes,
  ...usageRoutes,
  // The audit log stands with access in API.md; its noun is lower, so it is listed from here.
  ...auditRoutes,
];
