import { type Route, route } from '../../http/route.ts';
import { time } from '../../http/schemas.ts';
import { usedQuota } from '../limits/take-quota.ts';
import { quotasOf, quotasOfKeys } from '../limits/take-turn.ts';
import { ApiKey, Membership, Project } from '../model.ts';
import { isAtLeast } from '../rights.ts';

const count = { type: 'integer' } as const;

export const usageRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/usage',
    summary: 'Counts against limits: of the caller, of the workspace and, for admins, of its API keys',
    who: 'workspace:read',
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['limits', 'counts'],
      properties: {
        limits: {
          type: 'array',
          items: {
            title: 'UsedLimit',
            type: 'object',
            additionalProperties: false,
            required: ['subject', 'window_s', 'limit', 'used', 'remaining', 'reset_at'],
            properties: {
              subject: { type: 'string', description: 'user:…, key:… or workspace:…' },
              window_s: count,
              limit: count,
              used: {
                ...count,
                description: 'in the window that ends now; what a node took in advance counts as used',
              },
              remaining: count,
              reset_at: time,
            },
          },
        },
        counts: {
          type: 'object',
          additionalProperties: false,
          required: ['members', 'projects', 'api_keys'],
          properties: { members: count, projects: count, api_keys: count },
        },
      },
    },
    handle: async ({ caller }) => {
      const { workspace_id } = caller;
      const ofKeys = isAtLeast(caller.role, 'admin') ? await quotasOfKeys(workspace_id, caller.project_id) : [];
      const own = await quotasOf(caller);
      const known = new Set(own.map(({ subject }) => subject));
      const limits = await Promise.all(
        [...own, ...ofKeys.filter(({ subject }) => !known.has(subject))].map(async ({ subject, window }) => {
          const { used, whole_at } = await usedQuota(subject, window);
          return {
            subject,
            window_s: window.window_ms / 1000,
            limit: window.limit,
            used,
            remaining: Math.max(0, window.limit - used),
            reset_at: new Date(whole_at).toISOString(),
          };
        }),
      );
      const [members, projects, api_keys] = await Promise.all([
        Membership.countDocuments({ workspace_id }),
        Project.countDocuments({ workspace_id }),
        ApiKey.countDocuments({ workspace_id, revoked_at: null }),
      ]);
      return { limits, counts: { members, projects, api_keys } };
    },
  }),
];
