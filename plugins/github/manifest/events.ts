const text = { type: 'string' } as const;
const happened = {
  action: { type: 'string', description: 'What happened: opened, closed, edited …' },
  repository: { type: 'string', description: 'owner/name' },
  sender: { type: 'string', description: 'Login of who did it' },
} as const;
const octo = { repository: 'octo/hello', sender: 'octocat' } as const;

const issue = {
  type: 'object',
  required: ['number', 'title', 'state', 'url'],
  properties: {
    number: { type: 'integer' },
    title: text,
    body: text,
    state: text,
    url: text,
    author: text,
    labels: { type: 'array', items: text },
    assignees: { type: 'array', items: text },
  },
} as const;
const pullRequest = {
  type: 'object',
  required: ['number', 'title', 'state', 'url', 'draft', 'merged', 'source_branch', 'target_branch'],
  properties: {
    number: { type: 'integer' },
    title: text,
    body: text,
    state: text,
    url: text,
    author: text,
    draft: { type: 'boolean' },
    merged: { type: 'boolean' },
    source_branch: text,
    target_branch: text,
    head_sha: text,
  },
} as const;
const sampleIssue = {
  number: 7,
  title: 'It broke',
  state: 'open',
  url: 'https://github.com/octo/hello/issues/7',
} as const;
const samplePull = {
  number: 8,
  title: 'Mend it',
  state: 'open',
  url: 'https://github.com/octo/hello/pull/8',
  draft: false,
  merged: false,
  source_branch: 'mend',
  target_branch: 'main',
} as const;

/** What each of GitHub's webhooks becomes: the facts that people filter by, not the 20 kB that GitHub sends. */
export const events = {
  'github.push': {
    title: 'Commits were pushed',
    schema: {
      type: 'object',
      required: ['repository', 'sender', 'ref', 'before', 'after', 'forced', 'commits'],
      properties: {
        repository: happened.repository,
        sender: happened.sender,
        ref: { type: 'string', description: 'refs/heads/… or refs/tags/…' },
        branch: text,
        before: text,
        after: text,
        created: { type: 'boolean' },
        deleted: { type: 'boolean' },
        forced: { type: 'boolean' },
        compare_url: text,
        commits: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'message', 'url'],
            properties: { id: text, message: text, url: text, author: text, at: text },
          },
        },
      },
    },
    sample: {
      ...octo,
      ref: 'refs/heads/main',
      branch: 'main',
      before: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
      after: '0000000000000000000000000000000000000000',
      forced: false,
      commits: [{ id: '6113728f', message: 'Initial commit', url: 'https://github.com/octo/hello/commit/6113728f' }],
    },
  },
  'github.issues': {
    title: 'An issue changed',
    schema: {
      type: 'object',
      required: ['action', 'repository', 'sender', 'issue'],
      properties: { ...happened, issue },
    },
    sample: { action: 'opened', ...octo, issue: sampleIssue },
  },
  'github.issue_comment': {
    title: 'An issue or pull request was commented on',
    schema: {
      type: 'object',
      required: ['action', 'repository', 'sender', 'issue', 'comment'],
      properties: {
        ...happened,
        issue,
        comment: {
          type: 'object',
          required: ['id', 'body', 'url'],
          properties: { id: text, body: text, url: text, author: text },
        },
      },
    },
    sample: {
      action: 'created',
      ...octo,
      issue: sampleIssue,
      comment: { id: '1', body: 'Same here', url: 'https://github.com/octo/hello/issues/7#issuecomment-1' },
    },
  },
  'github.pull_request': {
    title: 'A pull request changed',
    schema: {
      type: 'object',
      required: ['action', 'repository', 'sender', 'pull_request'],
      properties: { ...happened, pull_request: pullRequest },
    },
    sample: { action: 'opened', ...octo, pull_request: samplePull },
  },
  'github.pull_request_review': {
    title: 'A pull request was reviewed',
    schema: {
      type: 'object',
      required: ['action', 'repository', 'sender', 'pull_request', 'review'],
      properties: {
        ...happened,
        pull_request: pullRequest,
        review: {
          type: 'object',
          required: ['id', 'state', 'url'],
          properties: { id: text, state: text, body: text, url: text, author: text },
        },
      },
    },
    sample: {
      action: 'submitted',
      ...octo,
      pull_request: samplePull,
      review: { id: '1', state: 'approved', url: 'https://github.com/octo/hello/pull/8#pullrequestreview-1' },
    },
  },
  'github.release': {
    title: 'A release changed',
    schema: {
      type: 'object',
      required: ['action', 'repository', 'sender', 'release'],
      properties: {
        ...happened,
        release: {
          type: 'object',
          required: ['id', 'tag', 'url', 'draft', 'prerelease'],
          properties: {
            id: text,
            tag: text,
            name: text,
            url: text,
            draft: { type: 'boolean' },
            prerelease: { type: 'boolean' },
          },
        },
      },
    },
    sample: {
      action: 'published',
      ...octo,
      release: {
        id: '1',
        tag: 'v1.0.0',
        url: 'https://github.com/octo/hello/releases/v1.0.0',
        draft: false,
        prerelease: false,
      },
    },
  },
  'github.workflow_run': {
    title: 'A workflow run changed',
    schema: {
      type: 'object',
      required: ['action', 'repository', 'sender', 'run'],
      properties: {
        ...happened,
        run: {
          type: 'object',
          required: ['id', 'number', 'status', 'url'],
          properties: {
            id: text,
            number: { type: 'integer' },
            name: text,
            branch: text,
            commit: text,
            status: text,
            result: text,
            url: text,
          },
        },
      },
    },
    sample: {
      action: 'completed',
      ...octo,
      run: {
        id: '1',
        number: 36,
        status: 'completed',
        result: 'success',
        url: 'https://github.com/octo/hello/actions/runs/1',
      },
    },
  },
  'github.repository': {
    title: 'A repository changed',
    schema: {
      type: 'object',
      required: ['action', 'repository', 'sender', 'url', 'private', 'archived'],
      properties: {
        ...happened,
        url: text,
        private: { type: 'boolean' },
        archived: { type: 'boolean' },
        default_branch: text,
      },
    },
    sample: { action: 'renamed', ...octo, url: 'https://github.com/octo/hello', private: false, archived: false },
  },
} as const;
