import { Publisher } from '../models/publisher.ts';

/** Publishers by name; with `member`, those that a person belongs to. */
export async function listPublishers(
  filter: { member?: string },
  { skip, limit }: { skip: number; limit: number },
): Promise<{ publishers: Publisher[]; total: number }> {
  const query = filter.member === undefined ? {} : { 'members.user_id': filter.member };
  const [publishers, total] = await Promise.all([
    Publisher.find(query).sort({ _id: 1 }).skip(skip).limit(limit).lean(),
    Publisher.countDocuments(query),
  ]);
  return { publishers, total };
}
