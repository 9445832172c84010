import { findPublisher, findRelease, readBundle } from '../../../marketplace/index.ts';
import { mustBelong } from '../../../marketplace/publishers/find-publisher.ts';
import { Failure } from '../../../sdk/contract/failure.ts';
import { quote } from '../../../sdk/contract/quote.ts';
import { unpack } from '../../../sdk/package/index.ts';
import { Raw, route } from '../../http/route.ts';
import { actorOf } from '../actor.ts';
import { applyVerification } from '../apply-verification.ts';
import { marketplace } from '../marketplace.ts';
import { presentRelease, presentReleaseDetail } from '../present.ts';
import { findingSchema, releaseDetailSchema, releaseSchema } from '../schemas.ts';

const base = '/registry/plugins/{name}/versions/{version}' as const;
const reason = { type: 'string', pattern: '\\S', maxLength: 500 } as const;
const withReason = {
  type: 'object',
  additionalProperties: false,
  required: ['reason'],
  properties: { reason },
} as const;

const detail = route({
  method: 'GET',
  path: base,
  summary: 'A release with its manifest',
  who: 'public',
  answer: releaseDetailSchema,
  handle: async ({ params }) => presentReleaseDetail(await findRelease(params.name, params.version)),
});

const tarball = route({
  method: 'GET',
  path: `${base}/tarball`,
  summary: 'The bytes of a release',
  who: 'public',
  produces: ['application/gzip'],
  handle: async ({ params }) => {
    const release = await findRelease(params.name, params.version);
    await marketplace().fetchBundle(release);
    const { bytes } = await readBundle(release.integrity);
    return new Raw(bytes, {
      'Content-Type': 'application/gzip',
      'Content-Disposition': `attachment; filename="${release.name.replace(/^@/, '').replace('/', '-')}-${release.version}.tgz"`,
      // A release never changes, and its digest is its name.
      'Cache-Control': 'public, max-age=31536000, immutable',
      ETag: `"${release.integrity}"`,
    });
  },
});

const pictures: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};

const screenshot = route({
  method: 'GET',
  path: `${base}/screenshots/{file}`,
  summary: 'A picture of a release, as its `screenshots` names it',
  who: 'public',
  produces: Object.values(pictures),
  handle: async ({ params }) => {
    const release = await findRelease(params.name, params.version);
    const path = `screenshots/${params.file}`;
    const type = pictures[path.split('.').at(-1) ?? ''];
    // Asked before the package is opened: a stranger's guess costs no unpacking.
    if (!type || !release.screenshots.includes(path)) {
      throw new Failure('not_found', { message: `${release.name}@${release.version} has no ${quote(path)}` });
    }
    await marketplace().fetchBundle(release);
    const { files } = await unpack((await readBundle(release.integrity)).bytes);
    return new Raw(files.get(path) ?? null, {
      'Content-Type': type,
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  },
});

const findings = route({
  method: 'GET',
  path: `${base}/findings`,
  summary: 'What the review of a release found; for its publisher’s members, reviewers and operators',
  who: 'registry:publish',
  answer: {
    type: 'object',
    additionalProperties: false,
    required: ['findings'],
    properties: { findings: { type: 'array', items: findingSchema } },
  },
  handle: async ({ caller, params }) => {
    const release = await findRelease(params.name, params.version);
    if (!caller.site_roles.includes('reviewer')) mustBelong(await findPublisher(release.publisher), actorOf(caller));
    return { findings: release.findings };
  },
});

const yank = route({
  method: 'POST',
  path: `${base}/yank`,
  summary: 'Withdraw a release from new installs',
  who: 'registry:publish',
  body: withReason,
  answer: releaseSchema,
  handle: async ({ caller, params, body }) => {
    const { name, version } = params;
    return presentRelease(await marketplace().yank(actorOf(caller), { name, version, reason: body.reason }));
  },
});

const deprecate = route({
  method: 'POST',
  path: `${base}/deprecate`,
  summary: 'Advise against a release; an empty reason takes the advice back',
  who: 'registry:publish',
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['reason'],
    properties: { reason: { type: 'string', maxLength: 500 } },
  },
  answer: releaseSchema,
  handle: async ({ caller, params, body }) => {
    const { name, version } = params;
    return presentRelease(await marketplace().deprecate(actorOf(caller), { name, version, reason: body.reason }));
  },
});

const verify = route({
  method: 'POST',
  path: `${base}/verify`,
  summary: 'Mark a release as reviewed (reviewers)',
  who: 'site:review',
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['reason'],
    properties: {
      reason,
      is_security_fix: { type: 'boolean', description: 'automatic upgrades take it without waiting' },
    },
  },
  answer: releaseSchema,
  handle: async ({ caller, params, body }) => {
    const { name, version } = params;
    return presentRelease(
      await applyVerification(() => marketplace().verify(actorOf(caller), { name, version, ...body })),
    );
  },
});

const reject = route({
  method: 'POST',
  path: `${base}/reject`,
  summary: 'Refuse a release for good (reviewers)',
  who: 'site:review',
  body: withReason,
  answer: releaseSchema,
  handle: async ({ caller, params, body }) => {
    const { name, version } = params;
    return presentRelease(
      await applyVerification(() => marketplace().reject(actorOf(caller), { name, version, reason: body.reason })),
    );
  },
});

export const releaseRoutes = [detail, tarball, screenshot, findings, yank, deprecate, verify, reject];
