import { transaction } from '../../core/database/transaction.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { Package } from '../models/package.ts';
import { Review } from '../models/review.ts';
import type { Parts } from '../parts.ts';
import { findPackage } from '../releases/find-release.ts';

/** A rating is pulled towards this mean by as many votes: three enthusiasts do not outrank a hundred content users. */
const prior = { mean: 3.5, votes: 5 };

/** The Bayesian average of a package's ratings; 0 when nobody rated it. */
export function ratingOf(sum: number, count: number): number {
  if (count === 0) return 0;
  return Math.round(((prior.mean * prior.votes + sum) / (prior.votes + count)) * 100) / 100;
}

export interface ReviewRequest {
  name: string;
  user_id: string;
  author: string;
  workspace_id: string;
  /** the version that the workspace runs: whoever does not run it cannot rate it */
  version: string;
  /** 1 to 5 */
  rating: number;
  text: string;
}

/**
 * Writes one person's review, or changes it.
 *
 * @param expects `new`: there must be none yet; `existing`: there must be one
 * @throws Failure `conflict`, `not_found` accordingly
 */
export async function writeReview(parts: Parts, request: ReviewRequest, expects: 'new' | 'existing'): Promise<Review> {
  return transaction(async () => {
    await findPackage(request.name);
    const _id = `${request.name}:${request.user_id}`;
    const before = await Review.findById(_id).lean();
    if (before && expects === 'new') {
      throw new Failure('conflict', { message: `You have reviewed ${request.name}; change the review with PUT` });
    }
    if (!before && expects === 'existing') {
      throw new Failure('not_found', { message: `You have not reviewed ${request.name}; POST writes a review` });
    }
    const now = new Date(parts.clock());
    const review: Review = { _id, ...request, created_at: before?.created_at ?? now, updated_at: now };
    await Review.replaceOne({ _id }, review, { upsert: true });
    await count(parts, request.name, review.rating - (before?.rating ?? 0), before ? 0 : 1);
    return review;
  });
}

/** @throws Failure `not_found` */
export async function removeReview(parts: Parts, name: string, user_id: string): Promise<void> {
  await transaction(async () => {
    const removed = await Review.findByIdAndDelete(`${name}:${user_id}`).lean();
    if (!removed) throw new Failure('not_found', { message: `You have not reviewed ${name}` });
    await count(parts, name, -removed.rating, -1);
  });
}

/** Reviews of a package, the latest first. */
export async function listReviews(
  name: string,
  { skip, limit }: { skip: number; limit: number },
): Promise<{ reviews: Review[]; total: number }> {
  await findPackage(name);
  const [reviews, total] = await Promise.all([
    Review.find({ name }).sort({ updated_at: -1, _id: 1 }).skip(skip).limit(limit).lean(),
    Review.countDocuments({ name }),
  ]);
  return { reviews, total };
}

async function count(parts: Parts, name: string, sum: number, reviews: number): Promise<void> {
  const before = await Package.findById(name, { rating_sum: 1, review_count: 1 }).lean().orFail();
  const rating_sum = before.rating_sum + sum;
  const review_count = before.review_count + reviews;
  const rating = ratingOf(rating_sum, review_count);
  await Package.updateOne(
    { _id: name },
    { $set: { rating_sum, review_count, rating, changed_at: new Date(parts.clock()) } },
  );
}
