import { Package } from '../../marketplace/models/package.ts';
import { trusted } from '../database/mongoose.ts';
import { Installation } from './model.ts';

export interface ListQuery {
  is_enabled?: boolean;
  is_verified?: boolean;
  sort_by?: 'rating' | 'downloads' | 'installed_at' | 'name';
  page: number;
  size: number;
}

/** A page of a workspace's plugins. Ratings, downloads and dates sort descending, names ascending. */
export async function listInstallations(
  workspace_id: string,
  query: ListQuery,
): Promise<{ installations: Installation[]; total: number }> {
  const filter = {
    workspace_id,
    ...(query.is_enabled !== undefined && { is_enabled: query.is_enabled }),
    ...(query.is_verified !== undefined && { is_verified: query.is_verified }),
  };
  // A workspace has tens of plugins, rarely hundreds: the order is made of two fields each, the page read whole.
  const all = await Installation.find(filter, { name: 1, installed_at: 1 }).lean();
  const order = await orderOf(query.sort_by ?? 'installed_at', all);
  const from = (query.page - 1) * query.size;
  const ids = all
    .sort(order)
    .slice(from, from + query.size)
    .map(({ _id }) => _id);
  const found = await Installation.find({ workspace_id, _id: trusted({ $in: ids }) }).lean();
  const byId = new Map(found.map((one) => [one._id, one]));
  return { installations: ids.flatMap((id) => byId.get(id) ?? []), total: all.length };
}

type Row = Pick<Installation, '_id' | 'name' | 'installed_at'>;

async function orderOf(sorting: NonNullable<ListQuery['sort_by']>, rows: Row[]): Promise<(a: Row, b: Row) => number> {
  const byName = (a: Row, b: Row) => (a.name < b.name ? -1 : 1);
  if (sorting === 'name') return byName;
  if (sorting === 'installed_at') {
    return (a, b) => b.installed_at.getTime() - a.installed_at.getTime() || byName(a, b);
  }
  const listings = await Package.find(
    { _id: trusted({ $in: rows.map(({ name }) => name) }) },
    { rating: 1, download_count: 1 },
  ).lean();
  const field = sorting === 'rating' ? 'rating' : 'download_count';
  const values = new Map(listings.map((one) => [one._id, one[field]]));
  return (a, b) => (values.get(b.name) ?? 0) - (values.get(a.name) ?? 0) || byName(a, b);
}
