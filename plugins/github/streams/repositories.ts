import { ask, type GitHub, repositoryPath } from '../github.ts';
import type { VendorRepository } from '../vendor.ts';

/** Pages by GitHub's own `Link`; the address of the next page is the position. */
export const repositories: GitHub['streams']['repositories'] = async function* (ctx, { cursor }) {
  const { repository, repositories = [] } = ctx.config;
  const chosen = [...new Set(repository === undefined ? repositories : [repository, ...repositories])];
  if (chosen.length > 0) {
    const found: VendorRepository[] = [];
    for (const name of chosen) found.push((await ask<VendorRepository>(ctx, repositoryPath(name))).body);
    yield { upserts: found.map(record), cursor: null, covers: 'all' };
    return;
  }
  let page = (cursor as { page?: string } | null)?.page;
  const wholePass = page === undefined;
  do {
    const answer: { body: VendorRepository[]; next?: string } = page
      ? await ask<VendorRepository[]>(ctx, page)
      : await ask<VendorRepository[]>(ctx, '/user/repos', { query: { per_page: 100, sort: 'full_name' } });
    page = answer.next;
    const upserts = answer.body.map(record);
    if (page) yield { upserts, cursor: { page } };
    else if (wholePass) yield { upserts, cursor: null, covers: 'all' };
    else yield { upserts, cursor: null };
  } while (page);
};

function record(raw: VendorRepository) {
  return {
    raw: { ...raw },
    model: {
      external_id: String(raw.id),
      url: raw.html_url,
      name: raw.name,
      full_name: raw.full_name,
      description: raw.description ?? undefined,
      visibility: raw.visibility ?? (raw.private ? 'private' : 'public'),
      default_branch: raw.default_branch,
      archived: raw.archived,
      language: raw.language ?? undefined,
      clone_url: raw.clone_url,
      created_at: raw.created_at,
      updated_at: raw.updated_at,
      pushed_at: raw.pushed_at ?? undefined,
    },
  };
}
