import { ask, type GitHub, type GitHubCtx, repositoryPath } from '../github.ts';
import type { VendorIssue } from '../vendor.ts';
import { shownIssue } from './shown-issue.ts';

/** Follows the pages until so many issues are found, pull requests not counted. */
export const listIssues: GitHub['actions']['list_issues'] = async (
  ctx,
  { repository, state, labels, since, limit },
) => {
  const wanted = limit ?? 50;
  const found: VendorIssue[] = [];
  let page: string | undefined = `${repositoryPath(repository)}/issues`;
  let query: Record<string, string | number | undefined> | undefined = {
    state: state ?? 'open',
    labels: labels?.join(',') || undefined,
    since,
    sort: 'updated',
    direction: 'desc',
    per_page: 25,
  };
  while (page !== undefined && found.length <= wanted) {
    const answer = await pageOf(ctx, page, query, found.length > 0);
    if (!answer) break;
    found.push(...answer.body.filter((issue) => !issue.pull_request));
    page = answer.next;
    query = undefined;
  }
  return { issues: found.slice(0, wanted).map(shownIssue), more: found.length > wanted || page !== undefined };
};

/**
 * One page. A call may receive 1 MB in all, which a repository of long issues or of many pull requests can exceed: then
 * what came before is the answer, and there is `more`.
 */
async function pageOf(
  ctx: GitHubCtx,
  page: string,
  query: Record<string, string | number | undefined> | undefined,
  has_some: boolean,
): Promise<{ body: VendorIssue[]; next?: string } | null> {
  try {
    return await ask<VendorIssue[]>(ctx, page, query ? { query } : {});
  } catch (error) {
    if (has_some && error instanceof Error && error.name === 'TooLarge') return null;
    throw error;
  }
}
