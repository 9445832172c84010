import { actions } from './manifest/actions.ts';
import { auth } from './manifest/auth.ts';
import { events } from './manifest/events.ts';
import { streams } from './manifest/streams.ts';

const webhooks = [
  'push',
  'issues',
  'issue_comment',
  'pull_request',
  'pull_request_review',
  'release',
  'workflow_run',
  'repository',
] as const;
const eventTypes = [
  'github.push',
  'github.issues',
  'github.issue_comment',
  'github.pull_request',
  'github.pull_request_review',
  'github.release',
  'github.workflow_run',
  'github.repository',
] as const;

export const manifest = {
  manifest_version: 1,
  name: '@patchbay/github',
  version: '1.2.0',
  display_name: 'GitHub',
  description: {
    en: 'Issues, pull requests and repositories of GitHub and GitHub Enterprise Server, and their events',
    'zh-Hans': 'GitHub 与 GitHub Enterprise Server 的议题、拉取请求、仓库及其事件',
    'zh-Hant': 'GitHub 與 GitHub Enterprise Server 的議題、拉取請求、儲存庫及其事件',
  },
  license: 'MIT',
  author: 'Patchbay',
  documentation_url: 'https://docs.github.com/rest',
  categories: ['code', 'project_management'],
  keywords: ['github', 'issues', 'pull requests', 'git'],
  engines: { patchbay: '>=1.0.0' },
  integration: { type: 'github', category: 'code', service_type: 'code_repository' },
  permissions: [
    {
      name: 'network',
      hosts: ['api.github.com'],
      reason: 'Reads and writes issues, pull requests, repositories and webhooks through the API',
    },
    {
      name: 'network',
      hosts: ['{config.api_url}'],
      private: true,
      reason: 'The same on a GitHub Enterprise Server of your own, also inside your network',
      optional: true,
    },
    { name: 'app', service: 'github', reason: 'Signs people in with the OAuth app of your host', optional: true },
    {
      name: 'events:emit',
      types: eventTypes,
      reason: 'Tells the project what happened in its repositories',
    },
  ],
  configuration: {
    type: 'object',
    additionalProperties: false,
    properties: {
      api_url: {
        type: 'string',
        format: 'uri',
        title: 'API address',
        description: 'Only for GitHub Enterprise Server: https://HOST/api/v3',
        default: 'https://api.github.com',
      },
      web_url: {
        type: 'string',
        format: 'uri',
        title: 'Web address',
        description: 'Only for GitHub Enterprise Server: https://HOST',
        default: 'https://github.com',
      },
      repositories: {
        type: 'array',
        title: 'Repositories',
        description: 'As owner/name; every repository that the account sees when empty',
        items: { type: 'string', pattern: '^[^/ ]+/[^/ ]+$', maxLength: 140 },
        maxItems: 200,
        default: [],
      },
      repository: {
        type: 'string',
        title: 'Repository',
        description: 'As owner/name: one more of the repositories, or the only one',
        pattern: '^[^/ ]+/[^/ ]+$',
        maxLength: 140,
      },
      branch: {
        type: 'string',
        title: 'Branch',
        description: 'Pushes to this branch and workflow runs on it become events; those of every branch when empty',
        maxLength: 255,
      },
      webhook_events: {
        type: 'array',
        title: 'Events',
        description: 'The kinds of GitHub webhooks that become events; all of them when empty',
        items: { type: 'string', enum: webhooks },
        maxItems: 20,
        default: [],
      },
    },
  },
  app: {
    client_id: { type: 'string', title: 'Client ID' },
    client_secret: { type: 'string', title: 'Client secret', format: 'secret' },
  },
  auth,
  answers: [
    { when: { status: 401 }, means: 'expired', message: { body: '/message' } },
    {
      when: { status: [403, 429], header: { 'x-ratelimit-remaining': ['0'] } },
      means: 'limited',
      message: { body: '/message' },
    },
    { when: { status: 429 }, means: 'limited', after: { header: 'retry-after' }, message: { body: '/message' } },
    { when: { status: 403 }, means: 'forbidden', message: { body: '/message' } },
    { when: { status: [404, 410] }, means: 'gone', message: { body: '/message' } },
  ],
  // Shown to whoever may write to a repository: good for a clone, and no business of a record.
  redact: ['/temp_clone_token', '/*/temp_clone_token'],
  rate_limits: [
    {
      name: 'rest',
      per: 'credential',
      limit: 5000,
      window_s: 3600,
      concurrent: 10,
      tells: {
        limit: { header: 'x-ratelimit-limit' },
        remaining: { header: 'x-ratelimit-remaining' },
        reset: { header: 'x-ratelimit-reset' },
        reset_as: 'epoch_s',
      },
    },
  ],
  actions,
  streams,
  triggers: {
    events: {
      title: 'Repository events',
      description: 'GitHub calls it when something happens in a repository',
      address: 'integration',
      accepts: ['json'],
      verify: {
        scheme: 'hmac',
        algorithm: 'sha256',
        key: '{hook.secret}',
        message: '{request.body}',
        signature: { header: 'X-Hub-Signature-256', prefix: 'sha256=', encoding: 'hex' },
      },
      // GitHub's first call: nothing happened yet, it only wants to hear that somebody is there.
      handshake: [
        {
          when: { method: 'POST', has: [{ body: '/zen' }, { body: '/hook_id' }] },
          verified: true,
          respond: { status: 200, body: 'pong', type: 'text/plain' },
        },
      ],
      dedupe: [{ header: 'X-GitHub-Delivery' }],
      subscription: { by: 'handler', per: 'repositories', check_every_s: 86_400 },
      emits: eventTypes,
      writes: ['issues'],
    },
  },
  events,
} as const;
