import { ask, type GitHub, repositoryPath } from '../github.ts';
import { logins, type VendorPullRequest, type VendorRepository } from '../vendor.ts';
import { parentOf } from './issues.ts';

/** `until`: everything that changed before is stored. `page` and `newest`: how far a pass that is under way has come. */
interface Position {
  until?: string;
  page?: string;
  newest?: string;
}

/**
 * Reads the pull requests of one repository, the last changed first, until what is known already. GitHub has no `since`
 * here. What changes meanwhile moves to the front, so a pass may see one twice but skips none.
 */
export const pullRequests: GitHub['streams']['pull_requests'] = async function* (ctx, pull) {
  const repository = parentOf(pull);
  const start = (pull.cursor ?? {}) as Position;
  const known = pull.mode === 'incremental' ? start.until : undefined;
  let { page, newest } = start;
  for (;;) {
    const answer: { body: VendorPullRequest[]; next?: string } = page
      ? await ask<VendorPullRequest[]>(ctx, page)
      : await ask<VendorPullRequest[]>(ctx, `${repositoryPath(repository.full_name)}/pulls`, {
          query: { state: 'all', sort: 'updated', direction: 'desc', per_page: 100 },
        });
    newest ??= answer.body[0]?.updated_at;
    const upserts = answer.body.map((raw) => record(raw, repository));
    const oldest = answer.body.at(-1)?.updated_at;
    page = answer.next;
    if (page === undefined || (known !== undefined && oldest !== undefined && oldest < known)) {
      const until = newest ?? start.until;
      yield until === undefined ? { upserts } : { upserts, cursor: { until } };
      return;
    }
    yield { upserts, cursor: { until: start.until, page, newest } };
  }
};

function record(raw: VendorPullRequest, repository: VendorRepository) {
  return {
    raw: { ...raw },
    model: {
      external_id: String(raw.id),
      url: raw.html_url,
      number: raw.number,
      title: raw.title,
      body: raw.body ?? undefined,
      state: raw.merged_at ? ('merged' as const) : raw.state === 'closed' ? ('closed' as const) : ('open' as const),
      draft: raw.draft ?? false,
      source_branch: raw.head.ref,
      target_branch: raw.base.ref,
      head_sha: raw.head.sha,
      author: raw.user?.login ?? 'ghost',
      reviewers: logins(raw.requested_reviewers),
      repository_id: String(repository.id),
      created_at: raw.created_at,
      updated_at: raw.updated_at,
      merged_at: raw.merged_at ?? undefined,
      closed_at: raw.closed_at ?? undefined,
    },
  };
}
