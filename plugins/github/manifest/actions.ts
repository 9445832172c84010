const repository = {
  type: 'string',
  title: 'Repository',
  description: 'As owner/name',
  pattern: '^[^/ ]+/[^/ ]+$',
  maxLength: 140,
  examples: ['octocat/hello-world'],
} as const;
const number = { type: 'integer', title: 'Issue number', minimum: 1 } as const;
const names = { type: 'array', items: { type: 'string', maxLength: 100 }, maxItems: 100 } as const;

const issue = {
  type: 'object',
  required: ['id', 'number', 'title', 'state', 'url', 'labels', 'assignees', 'created_at', 'updated_at'],
  properties: {
    id: { type: 'string' },
    number: { type: 'integer' },
    title: { type: 'string' },
    body: { type: 'string' },
    state: { type: 'string', enum: ['open', 'closed'] },
    url: { type: 'string' },
    author: { type: 'string' },
    labels: names,
    assignees: names,
    created_at: { type: 'string', format: 'date-time' },
    updated_at: { type: 'string', format: 'date-time' },
    closed_at: { type: 'string', format: 'date-time' },
  },
} as const;

export const actions = {
  list_issues: {
    title: 'List issues',
    description: 'The issues of one repository, the last changed first, without pull requests',
    idempotent: true,
    expose_as_tool: true,
    input: {
      type: 'object',
      additionalProperties: false,
      required: ['repository'],
      properties: {
        repository,
        state: { type: 'string', title: 'State', enum: ['open', 'closed', 'all'], default: 'open' },
        labels: { ...names, title: 'Labels' },
        since: { type: 'string', title: 'Changed since', format: 'date-time' },
        limit: { type: 'integer', title: 'At most', minimum: 1, maximum: 100, default: 50 },
      },
    },
    output: {
      type: 'object',
      required: ['issues', 'more'],
      properties: { issues: { type: 'array', items: issue }, more: { type: 'boolean' } },
    },
  },
  create_issue: {
    title: 'Create an issue',
    expose_as_tool: true,
    input: {
      type: 'object',
      additionalProperties: false,
      required: ['repository', 'title'],
      properties: {
        repository,
        title: { type: 'string', title: 'Title', minLength: 1, maxLength: 256 },
        body: { type: 'string', title: 'Text', description: 'Markdown', maxLength: 65_536 },
        labels: { ...names, title: 'Labels' },
        assignees: { ...names, title: 'Assignees', description: 'Login names' },
        milestone: { type: 'integer', title: 'Milestone number', minimum: 1 },
      },
    },
    output: issue,
  },
  comment_issue: {
    title: 'Comment on an issue',
    description: 'Also takes the number of a pull request',
    expose_as_tool: true,
    input: {
      type: 'object',
      additionalProperties: false,
      required: ['repository', 'number', 'body'],
      properties: {
        repository,
        number,
        body: { type: 'string', title: 'Text', description: 'Markdown', minLength: 1, maxLength: 65_536 },
      },
    },
    output: {
      type: 'object',
      required: ['id', 'url'],
      properties: { id: { type: 'string' }, url: { type: 'string' } },
    },
  },
} as const;
