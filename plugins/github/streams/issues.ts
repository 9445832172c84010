import type { Pull } from '@patchbay/sdk';
import { ask, type GitHub, repositoryPath } from '../github.ts';
import { labelNames, logins, type VendorIssue, type VendorRepository } from '../vendor.ts';

/**
 * Reads the issues of one repository in the order of their last change. The next page is asked by time, not by number:
 * an issue that changes meanwhile moves to the end, and would push another over the edge of a numbered page, unseen.
 */
export const issues: GitHub['streams']['issues'] = async function* (ctx, pull) {
  const { full_name } = parentOf(pull);
  let since = (pull.cursor as { since?: string } | null)?.since ?? pull.since;
  let page = 1;
  for (;;) {
    const query = { state: 'all', sort: 'updated', direction: 'asc', per_page: 100, since, page };
    const { body, next } = await ask<VendorIssue[]>(ctx, `${repositoryPath(full_name)}/issues`, { query });
    const last = body.at(-1)?.updated_at;
    const upserts = body.filter((issue) => !issue.pull_request).map((issue) => issueRecord(issue, full_name));
    if (last === undefined) yield { upserts };
    else yield { upserts, cursor: { since: last } };
    if (next === undefined) return;
    // A whole page of one second: only the number leads on.
    if (last === since) page += 1;
    else [since, page] = [last, 1];
  }
};

/** The repository that this pull is for. */
export function parentOf(pull: Pull): VendorRepository {
  if (!pull.parent) throw new Error('this stream is pulled for one repository at a time, and none was named');
  return pull.parent.record as unknown as VendorRepository;
}

/** An issue as the stream stores it, from the API or from a webhook. */
export function issueRecord(raw: VendorIssue, container: string) {
  return {
    raw: { ...raw },
    model: {
      external_id: String(raw.id),
      url: raw.html_url,
      key: `${container}#${raw.number}`,
      title: raw.title,
      body: raw.body ?? undefined,
      body_format: 'markdown' as const,
      state: raw.state === 'closed' ? ('closed' as const) : ('open' as const),
      status: raw.state_reason ?? raw.state,
      author: raw.user?.login,
      assignees: logins(raw.assignees),
      labels: labelNames(raw.labels),
      container,
      created_at: raw.created_at,
      updated_at: raw.updated_at,
      closed_at: raw.closed_at ?? undefined,
    },
  };
}
