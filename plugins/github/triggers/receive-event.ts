import type { GitHub } from '../github.ts';
import { issueRecord } from '../streams/issues.ts';
import { labelNames, logins, type Person, type VendorIssue, type VendorPullRequest } from '../vendor.ts';

interface Payload {
  action?: string;
  repository?: { full_name: string; html_url: string; private: boolean; archived: boolean; default_branch: string };
  sender?: Person;
}
type Of<Fields> = Payload & Fields;

/**
 * Turns one of GitHub's webhooks into its event. What this plugin declares no event for, and what the settings `branch` and
 * `webhook_events` leave out, is taken and left.
 */
export const receiveEvent: GitHub['triggers']['events']['receive'] = (ctx, { headers, body }) => {
  const payload = body as Payload;
  const { branch, webhook_events: wanted = [] } = ctx.config;
  if (wanted.length > 0 && !wanted.some((one) => one === headers['x-github-event'])) return {};
  const who = { repository: payload.repository?.full_name ?? '', sender: payload.sender?.login ?? '' };
  const happened = { action: payload.action ?? '', ...who };
  switch (headers['x-github-event']) {
    case 'push': {
      const data = { ...who, ...push(body as Push) };
      return branch && data.branch !== branch ? {} : { events: [{ type: 'github.push', data }] };
    }
    case 'issues':
      return changedIssue(happened, (body as Of<{ issue: VendorIssue }>).issue);
    case 'issue_comment': {
      const given = body as Of<{ issue: VendorIssue; comment: Written }>;
      const data = { ...happened, issue: issue(given.issue), comment: written(given.comment) };
      return { events: [{ type: 'github.issue_comment', data }] };
    }
    case 'pull_request': {
      const given = body as Of<{ pull_request: VendorPullRequest }>;
      return {
        events: [{ type: 'github.pull_request', data: { ...happened, pull_request: pull(given.pull_request) } }],
      };
    }
    case 'pull_request_review': {
      const given = body as Of<{ pull_request: VendorPullRequest; review: Written & { state: string } }>;
      const review = { ...written(given.review), state: given.review.state };
      return {
        events: [
          { type: 'github.pull_request_review', data: { ...happened, pull_request: pull(given.pull_request), review } },
        ],
      };
    }
    case 'release': {
      const { release } = body as Of<{ release: Release }>;
      const { id, tag_name: tag, name, html_url: url, draft, prerelease } = release;
      const shown = { id: String(id), tag, name: name ?? undefined, url, draft, prerelease };
      return { events: [{ type: 'github.release', data: { ...happened, release: shown } }] };
    }
    case 'workflow_run': {
      const { workflow_run: run } = body as Of<{ workflow_run: Run }>;
      if (branch && run.head_branch !== branch) return {};
      const shown = {
        id: String(run.id),
        number: run.run_number,
        name: run.name ?? undefined,
        branch: run.head_branch ?? undefined,
        commit: run.head_sha,
        status: run.status,
        result: run.conclusion ?? undefined,
        url: run.html_url,
      };
      return { events: [{ type: 'github.workflow_run', data: { ...happened, run: shown } }] };
    }
    case 'repository': {
      const { html_url: url = '', archived = false, default_branch } = payload.repository ?? {};
      const data = { ...happened, url, private: payload.repository?.private ?? false, archived, default_branch };
      return { events: [{ type: 'github.repository', data }] };
    }
    default:
      return {};
  }
};

/** The event of a changed issue, and its record as it is now. */
function changedIssue(happened: { action: string; repository: string; sender: string }, given: VendorIssue) {
  const isGone = happened.action === 'deleted' || happened.action === 'transferred';
  return {
    events: [{ type: 'github.issues' as const, data: { ...happened, issue: issue(given) } }],
    ...(isGone
      ? { deletes: { issues: [String(given.id)] } }
      : { upserts: { issues: [issueRecord(given, happened.repository)] } }),
  };
}

interface Push {
  ref: string;
  before: string;
  after: string;
  created: boolean;
  deleted: boolean;
  forced: boolean;
  compare: string;
  commits?: {
    id: string;
    message: string;
    url: string;
    timestamp: string;
    author?: { username?: string; name?: string };
  }[];
}
interface Written {
  id: number;
  body?: string | null;
  html_url: string;
  user: Person | null;
}
interface Release {
  id: number;
  tag_name: string;
  name: string | null;
  html_url: string;
  draft: boolean;
  prerelease: boolean;
}
interface Run {
  id: number;
  run_number: number;
  name?: string | null;
  head_branch: string | null;
  head_sha: string;
  status: string;
  conclusion: string | null;
  html_url: string;
}

function push(given: Push) {
  const { ref, before, after, created, deleted, forced } = given;
  const commits = (given.commits ?? []).map((one) => ({
    id: one.id,
    message: one.message,
    url: one.url,
    author: one.author?.username ?? one.author?.name,
    at: one.timestamp,
  }));
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
  return { ref, branch, before, after, created, deleted, forced, compare_url: given.compare, commits };
}

function issue(given: VendorIssue) {
  return {
    number: given.number,
    title: given.title,
    body: given.body ?? undefined,
    // An issue that arrives by transfer comes without its state.
    state: given.state ?? (given.closed_at ? 'closed' : 'open'),
    url: given.html_url,
    author: given.user?.login,
    labels: labelNames(given.labels ?? []),
    assignees: logins(given.assignees),
  };
}

function pull(given: VendorPullRequest) {
  return {
    number: given.number,
    title: given.title,
    body: given.body ?? undefined,
    state: given.state,
    url: given.html_url,
    author: given.user?.login,
    draft: given.draft ?? false,
    merged: given.merged_at !== null,
    source_branch: given.head.ref,
    target_branch: given.base.ref,
    head_sha: given.head.sha,
  };
}

function written(given: Written) {
  return { id: String(given.id), body: given.body ?? '', url: given.html_url, author: given.user?.login };
}
