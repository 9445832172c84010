import { listReviews } from '../../../marketplace/index.ts';
import type { Review } from '../../../marketplace/models/review.ts';
import { Failure } from '../../../sdk/contract/failure.ts';
import type { Caller } from '../../http/caller.ts';
import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { route } from '../../http/route.ts';
import { done } from '../../http/schemas.ts';
import { Installation } from '../../installations/model.ts';
import { marketplace } from '../marketplace.ts';
import { presentReview } from '../present.ts';
import { reviewSchema } from '../publisher-schemas.ts';

const path = '/registry/plugins/{name}/reviews' as const;
const rated = {
  type: 'object',
  additionalProperties: false,
  required: ['rating'],
  properties: {
    rating: { type: 'integer', minimum: 1, maximum: 5 },
    text: { type: 'string', maxLength: 5000, default: '' },
  },
} as const;

const list = route({
  method: 'GET',
  path,
  summary: 'What people say of a plugin, the latest first',
  who: 'public',
  query: pageFields,
  answer: listOf('reviews', reviewSchema),
  handle: async ({ params, query, caller }) => {
    const { reviews, total } = await listReviews(params.name, pageWindow(query));
    const user_id = caller?.user_id ?? null;
    return {
      reviews: reviews.map((review) => presentReview(review, user_id)),
      total,
      page: query.page,
      size: query.size,
    };
  },
});

const create = route({
  method: 'POST',
  path,
  summary: 'Rate a plugin that your workspace runs',
  who: 'self',
  body: rated,
  answer: reviewSchema,
  status: 201,
  handle: async ({ params, body, caller }) =>
    presentReview(await write(caller, params.name, body, 'new'), caller.user_id),
});

const change = route({
  method: 'PUT',
  path,
  summary: 'Change your rating',
  who: 'self',
  body: rated,
  answer: reviewSchema,
  handle: async ({ params, body, caller }) =>
    presentReview(await write(caller, params.name, body, 'existing'), caller.user_id),
});

const remove = route({
  method: 'DELETE',
  path,
  summary: 'Take your rating back',
  who: 'self',
  answer: done,
  handle: async ({ params, caller }) => {
    await marketplace().removeReview(params.name, caller.user_id);
    await marketplace().update();
    return {};
  },
});

async function write(
  caller: Caller,
  name: string,
  { rating, text }: { rating: number; text?: string },
  expects: 'new' | 'existing',
): Promise<Review> {
  const installed = await Installation.findOne({ workspace_id: caller.workspace_id, name }, { version: 1 }).lean();
  if (!installed) {
    throw new Failure('forbidden', {
      message: `Only who runs ${name} can rate it: install it in this workspace first`,
    });
  }
  const review = await marketplace().writeReview(
    {
      name,
      user_id: caller.user_id,
      // The part before the @: enough to tell authors apart, and no address to write to.
      author: caller.label.split('@')[0] ?? 'somebody',
      workspace_id: caller.workspace_id,
      version: installed.version,
      rating,
      text: text ?? '',
    },
    expects,
  );
  await marketplace().update();
  return review;
}

export const reviewRoutes = [list, create, change, remove];
