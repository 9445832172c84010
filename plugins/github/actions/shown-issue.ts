import { labelNames, logins, type VendorIssue } from '../vendor.ts';

/** An issue as the actions answer it: few fields, ids as texts, nothing that is null. */
export function shownIssue(issue: VendorIssue) {
  return {
    id: String(issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? undefined,
    state: issue.state === 'closed' ? ('closed' as const) : ('open' as const),
    url: issue.html_url,
    author: issue.user?.login,
    labels: labelNames(issue.labels),
    assignees: logins(issue.assignees),
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    closed_at: issue.closed_at ?? undefined,
  };
}
