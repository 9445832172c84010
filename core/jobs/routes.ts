import { authorise } from '../access/authorise.ts';
import type { Caller } from '../http/caller.ts';
import { listOf, pageFields, pageWindow } from '../http/paging.ts';
import { type Route, route } from '../http/route.ts';
import { Job, type JobRow } from './model.ts';
import { jobSchema, jobStates, presentJob } from './present.ts';
import { retryJob } from './retry-job.ts';

const level = {
  enum: ['workspace', 'site'],
  default: 'workspace',
  description: 'site: what the host does for itself (retention, key rotation, …); for operators',
} as const;

/**
 * Whose jobs are meant.
 *
 * @throws Failure forbidden for the site's, when the caller is no operator
 */
function ownerOf(caller: Caller, wanted: 'workspace' | 'site', address: string): string {
  if (wanted === 'workspace') return caller.workspace_id;
  authorise(caller, 'site:operate', address);
  return 'site';
}

export const jobRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/jobs',
    summary: 'What is to be done, is being done, and was done lately; newest first',
    who: 'jobs:read',
    query: {
      ...pageFields,
      state: { enum: jobStates },
      kind: { type: 'string', minLength: 1, maxLength: 100, description: 'for example webhook.deliver' },
      level,
    },
    answer: listOf('jobs', jobSchema),
    handle: async ({ caller, query, address }) => {
      const filter = {
        workspace_id: ownerOf(caller, query.level, address),
        ...(query.state && { state: query.state }),
        ...(query.kind && { kind: query.kind }),
      };
      const { skip, limit } = pageWindow(query);
      const [jobs, total] = await Promise.all([
        Job.find(filter).sort({ created_at: -1, _id: -1 }).skip(skip).limit(limit).lean<JobRow[]>(),
        Job.countDocuments(filter),
      ]);
      return { jobs: jobs.map(presentJob), total, page: query.page, size: query.size };
    },
  }),
  route({
    method: 'POST',
    path: '/jobs/{id}/retry',
    summary: 'Tries a dead job again',
    who: 'jobs:write',
    query: { level },
    status: 202,
    answer: jobSchema,
    handle: async ({ caller, params, query, address }) =>
      presentJob(await retryJob(caller, ownerOf(caller, query.level, address), params.id)),
  }),
];
