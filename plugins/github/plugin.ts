import { definePlugin } from '@patchbay/sdk';
import { commentIssue } from './actions/comment-issue.ts';
import { createIssue } from './actions/create-issue.ts';
import { listIssues } from './actions/list-issues.ts';
import { ask, type GitHubCtx } from './github.ts';
import { manifest } from './manifest.ts';
import { issues } from './streams/issues.ts';
import { pullRequests } from './streams/pull-requests.ts';
import { repositories } from './streams/repositories.ts';
import { receiveEvent } from './triggers/receive-event.ts';
import { check, subscribe, unsubscribe } from './triggers/subscription.ts';
import type { Person } from './vendor.ts';

async function whoAmI(ctx: GitHubCtx): Promise<{ account: string }> {
  return { account: (await ask<Person>(ctx, '/user')).body.login };
}

export default definePlugin(manifest, {
  connect: whoAmI,
  test: whoAmI,
  actions: { list_issues: listIssues, create_issue: createIssue, comment_issue: commentIssue },
  streams: { repositories, issues, pull_requests: pullRequests },
  triggers: { events: { receive: receiveEvent, subscribe, check, unsubscribe } },
});
