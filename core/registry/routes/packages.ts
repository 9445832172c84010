import { findPackage } from '../../../marketplace/index.ts';
import { Release } from '../../../marketplace/models/release.ts';
import { route } from '../../http/route.ts';
import { done } from '../../http/schemas.ts';
import { actorOf } from '../actor.ts';
import { applyBlock, liftBlock } from '../apply-block.ts';
import { marketplace } from '../marketplace.ts';
import { presentListing, presentRelease } from '../present.ts';
import { findingSchema, listingSchema, releaseSchema, statsSchema } from '../schemas.ts';
import { packageStats } from '../stats.ts';

const mostBytes = 10 * 1024 * 1024;

const publish = route({
  method: 'POST',
  path: '/registry/plugins',
  summary: 'Publish a release',
  description:
    'The body is the packed `.tgz`. Everything is checked before anything is stored. The same digest again answers the release that exists.',
  who: 'registry:publish',
  bytes: ['application/gzip', 'application/x-gzip', 'application/octet-stream'],
  max_bytes: mostBytes,
  answer: {
    title: 'Published',
    type: 'object',
    additionalProperties: false,
    required: ['release', 'is_new', 'findings'],
    properties: {
      release: releaseSchema,
      is_new: { type: 'boolean' },
      findings: { type: 'array', items: findingSchema },
    },
  },
  status: 201,
  handle: async ({ caller, bytes }) => {
    const { release, is_new } = await marketplace().publish(actorOf(caller), { bytes });
    await marketplace().update();
    return { release: presentRelease(release), is_new, findings: release.findings };
  },
});

const detail = route({
  method: 'GET',
  path: '/registry/plugins/{name}',
  summary: 'A package and its releases',
  who: 'public',
  answer: {
    title: 'RegistryPackage',
    type: 'object',
    additionalProperties: false,
    required: ['package', 'versions'],
    properties: { package: listingSchema, versions: { type: 'array', items: releaseSchema } },
  },
  handle: async ({ params, language }) => {
    const listing = await findPackage(params.name);
    const releases = await Release.find(
      { name: listing._id },
      { manifest_text: 0, readme: 0, changelog: 0, findings: 0, icon: 0 },
    ).lean();
    return { package: presentListing(listing, null, language), versions: releases.map(presentRelease) };
  },
});

const stats = route({
  method: 'GET',
  path: '/registry/plugins/{name}/stats',
  summary: 'How a package is used on this site; for its publisher’s members, reviewers and operators',
  who: 'registry:publish',
  answer: statsSchema,
  handle: ({ caller, params }) => packageStats(caller, params.name),
});

const reason = { type: 'string', pattern: '\\S', maxLength: 500 } as const;

const block = route({
  method: 'POST',
  path: '/registry/plugins/{name}/block',
  summary: 'Stop a package everywhere on this site',
  who: 'site:review',
  body: { type: 'object', additionalProperties: false, required: ['reason'], properties: { reason } },
  answer: done,
  handle: async ({ caller, params, body }) => {
    await applyBlock(actorOf(caller), params.name, body.reason);
    return {};
  },
});

const unblock = route({
  method: 'DELETE',
  path: '/registry/plugins/{name}/block',
  summary: 'Let a blocked package run again',
  who: 'site:review',
  answer: done,
  handle: async ({ caller, params }) => {
    await liftBlock(actorOf(caller), params.name);
    return {};
  },
});

export const packageRoutes = [publish, detail, stats, block, unblock];
