import { ask, type GitHub, repositoryPath } from '../github.ts';
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
    per_page: 100,
  };
  while (page !== undefined && found.length <= wanted) {
    const { body, next }: { body: VendorIssue[]; next?: string } = await ask<VendorIssue[]>(
      ctx,
      page,
      query ? { query } : {},
    );
    found.push(...body.filter((issue) => !issue.pull_request));
    page = next;
    query = undefined;
  }
  return { issues: found.slice(0, wanted).map(shownIssue), more: found.length > wanted || page !== undefined };
};
