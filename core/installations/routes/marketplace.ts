import { findPackage, findRelease, manifestOf, sortings } from '../../../marketplace/index.ts';
import { Package } from '../../../marketplace/models/package.ts';
import { Release } from '../../../marketplace/models/release.ts';
import { Review } from '../../../marketplace/models/review.ts';
import { trusted } from '../../database/mongoose.ts';
import { listOf, pageFields } from '../../http/paging.ts';
import { route } from '../../http/route.ts';
import { measuredHealth } from '../../invocations/measured-health.ts';
import { marketplace } from '../../registry/marketplace.ts';
import { presentDetail, presentListing } from '../../registry/present.ts';
import { listingSchema, marketplaceDetailSchema } from '../../registry/schemas.ts';

const counts = { type: 'object', additionalProperties: { type: 'integer' } } as const;
const listed = listOf('plugins', listingSchema);

const search = route({
  method: 'GET',
  path: '/plugins/marketplace',
  summary: 'Find plugins',
  who: 'public',
  query: {
    search: { type: 'string', maxLength: 200, description: 'words, their beginnings, with slips' },
    category: { type: 'string', maxLength: 64 },
    auth_type: { type: 'string', maxLength: 64 },
    permission: { type: 'string', maxLength: 64 },
    publisher: { type: 'string', maxLength: 64 },
    verified: { type: 'boolean' },
    compatible: { type: 'boolean', description: 'runs on this host' },
    sort_by: { enum: sortings, description: 'relevance when searching, else downloads' },
    ...pageFields,
  },
  answer: {
    ...listed,
    required: [...listed.required, 'facets'],
    properties: {
      ...listed.properties,
      facets: {
        title: 'Facets',
        type: 'object',
        additionalProperties: false,
        required: ['category', 'auth_type', 'permission', 'publisher', 'verified', 'compatible'],
        properties: {
          category: counts,
          auth_type: counts,
          permission: counts,
          publisher: counts,
          verified: counts,
          compatible: counts,
        },
      },
    },
  },
  handle: async ({ query, language }) => {
    const { names, total, facets } = marketplace().search(query);
    const found = await Package.find({ _id: trusted({ $in: names }) }).lean();
    const byName = new Map(found.map((one) => [one._id, one]));
    const health = await measuredHealth(names);
    const plugins = names.flatMap((name) => {
      const listing = byName.get(name);
      return listing ? [presentListing(listing, health.get(name) ?? null, language)] : [];
    });
    return { plugins, total, page: query.page, size: query.size, facets };
  },
});

const detail = route({
  method: 'GET',
  path: '/plugins/marketplace/{name}',
  summary: 'One plugin of the marketplace, with everything that helps to decide',
  who: 'public',
  answer: marketplaceDetailSchema,
  handle: async ({ params, language }) => {
    const listing = await findPackage(params.name);
    const releases = await Release.find(
      { name: listing._id },
      { manifest_text: 0, readme: 0, changelog: 0, findings: 0, icon: 0 },
    ).lean();
    const shown = await findRelease(listing._id, listing.latest ?? releases.at(-1)?.version ?? '');
    const [health, stars] = await Promise.all([
      measuredHealth([listing._id]),
      Review.aggregate<{ _id: number; count: number }>([
        { $match: { name: listing._id } },
        { $group: { _id: '$rating', count: { $sum: 1 } } },
      ]),
    ]);
    return presentDetail({
      listing,
      releases,
      shown,
      manifest: manifestOf(shown),
      health: health.get(listing._id) ?? null,
      stars,
      language,
    });
  },
});

export const marketplaceRoutes = [search, detail];
