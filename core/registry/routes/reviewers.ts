import { findPublisher, findRelease, listReleases } from '../../../marketplace/index.ts';
import { mustBelong } from '../../../marketplace/publishers/find-publisher.ts';
import { Failure } from '../../../sdk/contract/failure.ts';
import type { Caller } from '../../http/caller.ts';
import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { route } from '../../http/route.ts';
import { text } from '../../http/schemas.ts';
import { actorOf } from '../actor.ts';
import { marketplace } from '../marketplace.ts';
import { presentRelease } from '../present.ts';
import { permissionSchema, releaseSchema } from '../schemas.ts';

const counted = { type: 'integer' } as const;

/** Reviewers and operators see every package; others those of publishers that they belong to. */
async function mustSee(caller: Caller, publisher: string): Promise<void> {
  if (caller.site_roles.includes('reviewer')) return;
  mustBelong(await findPublisher(publisher), actorOf(caller));
}

const list = route({
  method: 'GET',
  path: '/registry/releases',
  summary:
    'Releases of all packages, newest first: the reviewers’ queue, or with `publisher` what its members published',
  who: 'registry:publish',
  query: {
    ...pageFields,
    publisher: text,
    name: text,
    state: { enum: ['submitted', 'published', 'yanked', 'rejected'] },
    is_verified: { type: 'boolean' },
  },
  answer: listOf('releases', {
    ...releaseSchema,
    title: 'ListedRelease',
    required: [...releaseSchema.required, 'findings_count'],
    properties: {
      ...releaseSchema.properties,
      findings_count: {
        type: 'object',
        additionalProperties: false,
        required: ['error', 'warning', 'info'],
        properties: { error: counted, warning: counted, info: counted },
      },
    },
  }),
  handle: async ({ caller, query }) => {
    const { page, size, ...filter } = query;
    if (filter.publisher !== undefined) await mustSee(caller, filter.publisher);
    else if (!caller.site_roles.some((role) => role === 'reviewer' || role === 'operator')) {
      throw new Failure('forbidden', {
        message: 'Only reviewers see the releases of all publishers; name one that you belong to in `publisher`',
      });
    }
    const { releases, total } = await listReleases(filter, pageWindow(query));
    return {
      releases: releases.map((release) => ({
        ...presentRelease(release),
        findings_count: {
          error: countOf(release.findings, 'error'),
          warning: countOf(release.findings, 'warning'),
          info: countOf(release.findings, 'info'),
        },
      })),
      total,
      page,
      size,
    };
  },
});

const diff = route({
  method: 'GET',
  path: '/registry/plugins/{name}/versions/{version}/diff',
  summary: 'What a release changes, line by line; for its publisher’s members, reviewers and operators',
  who: 'registry:publish',
  query: { from: { ...text, description: 'the version to compare with; the next lower one unless given' } },
  answer: {
    title: 'ReleaseDiff',
    type: 'object',
    additionalProperties: false,
    required: ['from', 'permissions', 'files'],
    properties: {
      from: { type: ['string', 'null'], description: 'null: there is no release before it' },
      permissions: {
        type: 'object',
        additionalProperties: false,
        required: ['added', 'removed'],
        properties: {
          added: { type: 'array', items: permissionSchema },
          removed: { type: 'array', items: permissionSchema },
        },
      },
      files: {
        type: 'array',
        items: {
          title: 'FileDiff',
          type: 'object',
          additionalProperties: false,
          required: ['path', 'change', 'added', 'removed', 'lines'],
          properties: {
            path: { type: 'string' },
            change: { enum: ['added', 'removed', 'changed'] },
            added: { ...counted, description: 'lines' },
            removed: { ...counted, description: 'lines' },
            lines: {
              type: 'array',
              description: 'changed lines with a little around them; null where lines are left out',
              items: {
                type: ['object', 'null'],
                additionalProperties: false,
                required: ['kind', 'text'],
                properties: { kind: { enum: ['same', 'added', 'removed'] }, text: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  },
  handle: async ({ caller, params, query }) => {
    const { publisher } = await findRelease(params.name, params.version);
    await mustSee(caller, publisher);
    const { from, permissions, files } = await marketplace().diff({ ...params, from: query.from });
    const asked = (all: typeof permissions.added) => all.map((permission) => permission as { name: string });
    return { from, permissions: { added: asked(permissions.added), removed: asked(permissions.removed) }, files };
  },
});

function countOf(findings: readonly { severity: string }[], severity: string): number {
  return findings.filter((one) => one.severity === severity).length;
}

export const reviewerRoutes = [list, diff];
