import { authorise } from '../../access/authorise.ts';
import { route } from '../../http/route.ts';
import { changePolicy, effectivePolicy, readPolicy } from '../policy.ts';

const rules = {
  verified_only: { type: 'boolean', description: 'only releases that a reviewer verified' },
  cooldown_hours: {
    type: 'integer',
    minimum: 0,
    maximum: 8760,
    description: 'how old a release must be before an automatic upgrade takes it',
  },
  blocked_publishers: {
    type: 'array',
    maxItems: 1000,
    items: { type: 'string', pattern: '^@[a-z0-9-]+$', maxLength: 64 },
  },
  allow_sideload: { type: 'boolean' },
} as const;

const policySchema = {
  title: 'Policy',
  type: 'object',
  additionalProperties: false,
  required: ['verified_only', 'cooldown_hours', 'blocked_publishers', 'allow_sideload'],
  properties: rules,
} as const;

const policiesSchema = {
  title: 'Policies',
  type: 'object',
  additionalProperties: false,
  required: ['site', 'workspace', 'effective'],
  properties: { site: policySchema, workspace: policySchema, effective: policySchema },
} as const;

async function policies(workspace_id: string) {
  const [site, workspace, effective] = await Promise.all([
    readPolicy('site'),
    readPolicy(workspace_id),
    effectivePolicy(workspace_id),
  ]);
  return { site, workspace, effective };
}

const read = route({
  method: 'GET',
  path: '/policy',
  summary: 'What may be installed: by the site, by this workspace, and the stricter of both',
  who: 'workspace:read',
  answer: policiesSchema,
  handle: ({ caller }) => policies(caller.workspace_id),
});

const write = route({
  method: 'PUT',
  path: '/policy',
  summary: 'Change what may be installed in this workspace, or on the site (operators)',
  who: 'policy:write',
  body: {
    type: 'object',
    additionalProperties: false,
    properties: { level: { enum: ['workspace', 'site'], default: 'workspace' }, ...rules },
  },
  answer: policiesSchema,
  handle: async ({ caller, body, address }) => {
    const { level, ...change } = body;
    if (level === 'site') authorise(caller, 'site:operate', address);
    await changePolicy(caller, level === 'site' ? 'site' : caller.workspace_id, change);
    return policies(caller.workspace_id);
  },
});

export const policyRoutes = [read, write];
