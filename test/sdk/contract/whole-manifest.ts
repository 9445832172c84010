import type { Manifest } from '../../../sdk/contract/manifest.ts';

/** A manifest that uses every part. The fragments of slack, zoho, jira and meta in CONTRACT.md are in it. */
export const wholeManifest = {
  manifest_version: 1,
  name: '@acme/whole',
  version: '1.2.3',
  display_name: { en: 'Whole', 'zh-Hans': '完整', 'zh-Hant': '完整' },
  description: 'Everything at once',
  categories: ['communication'],
  keywords: ['chat'],
  license: 'MIT',
  author: { name: 'Acme', email: 'dev@example.com', url: 'https://example.com' },
  repository_url: 'https://example.com/repo',
  support_url: 'mailto:help@example.com',
  integration: { type: 'whole', category: 'chat', service_type: 'communication' },
  engines: { patchbay: '>=1.0.0 <2' },
  permissions: [
    {
      name: 'network',
      hosts: ['api.example.com', '*.example.org', '{config.site}'],
      methods: ['GET', 'POST'],
      reason: 'To work',
    },
    { name: 'events:emit', types: ['whole.message'], reason: 'To tell' },
    { name: 'events:listen', reason: 'To hear' },
    { name: 'app', service: 'whole', reason: 'To prove requests' },
    { name: 'storage', reason: 'To remember', optional: true },
  ],
  configuration: {
    type: 'object',
    additionalProperties: false,
    properties: {
      site: { type: 'string', format: 'hostname' },
      token: { type: 'string', format: 'secret' },
      label: { $ref: '#/$defs/label' },
    },
    $defs: { label: { type: 'string', maxLength: 40 } },
  },
  app: {
    client_id: { type: 'string' },
    client_secret: { type: 'string', format: 'secret' },
    signing_secret: { type: 'string', format: 'secret' },
  },
  auth: [
    {
      name: 'oauth',
      type: 'oauth2',
      base_url: 'https://api.example.com/',
      hosts: ['api.example.com'],
      inject: [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }],
      authorize: {
        url: 'https://example.com/authorize',
        scopes: ['read', { scope: 'write', optional: true }],
        pkce: 'S256',
      },
      token: { url: '{integration.accounts_server}/oauth/v2/token', params: { secret: '{app.client_secret}' } },
      refresh: { old_token: 'dies_on_use' },
      exchange: 'page',
    },
    {
      name: 'key',
      type: 'api_key',
      fields: { api_key: { type: 'string', format: 'secret' } },
      base_url: 'https://{config.site}/',
      hosts: ['{config.site}'],
      inject: [{ in: 'header', name: 'X-Key', value: '{credential.api_key}' }],
    },
  ],
  learn: {
    accounts_server: {
      from: 'callback',
      at: 'accounts-server',
      pattern: '^https://accounts\\.zoho\\.(com|eu|in|com\\.au|jp|ca|sa)$',
    },
    team_id: { from: 'token', at: '/team/id', pattern: '^T[A-Z0-9]+$' },
  },
  exchanges: {
    page: {
      request: { url: 'https://api.example.com/me/accounts' },
      yields: { secrets: { page_token: '/access_token' }, each: { at: '/data', key: '/id' } },
    },
  },
  answers: [{ when: { body: { '/ok': [false], '/error': ['token_expired'] } }, means: 'expired' }],
  redact: ['/token'],
  rate_limits: [
    { per: 'app', limit: 300, window_s: 10 },
    { per: 'credential', tells: { remaining: { header: 'X-Remaining' }, reset_as: 'epoch_s' } },
  ],
  actions: {
    post: {
      title: 'Post',
      input: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
      output: { type: 'object' },
      timeout_ms: 5_000,
    },
  },
  streams: {
    channels: { title: 'Channels', primary_key: ['/id'], modes: ['full'], deletes: 'missing' },
    messages: {
      title: 'Messages',
      model: 'message',
      primary_key: ['/id'],
      modes: ['full', 'incremental'],
      parent: { stream: 'channels' },
      deletes: 'none',
      schema: { type: 'object', properties: { id: { type: 'string' } } },
    },
  },
  triggers: {
    events: {
      title: 'Events',
      address: 'app',
      route: { to: 'team_id', by: { body: '/team_id' } },
      verify: {
        scheme: 'hmac',
        algorithm: 'sha256',
        key: '{app.signing_secret}',
        message: 'v0:{request.header.X-Slack-Request-Timestamp}:{request.body}',
        signature: { header: 'X-Slack-Signature', prefix: 'v0=', encoding: 'hex' },
        timestamp: { at: { header: 'X-Slack-Request-Timestamp' }, unit: 's', tolerance_s: 300 },
      },
      handshake: [
        {
          when: { body: { '/type': ['url_verification'] } },
          verified: true,
          respond: { status: 200, body: '{request.body./challenge}' },
        },
      ],
      redact: ['/token', '/response_url'],
      subscription: { by: 'person', life_s: 2_592_000, renew_before_s: 259_200 },
      emits: ['whole.message'],
      writes: ['messages'],
    },
    legacy: {
      title: 'Legacy',
      address: 'integration',
      verify: {
        choose: {
          jwt: {
            scheme: 'jwt',
            token: { header: 'Authorization', prefix: 'Bearer ' },
            algorithms: ['HS256'],
            key: '{app.client_secret}',
          },
          token: { scheme: 'token', at: { header: 'X-Token' }, value: '{hook.secret}' },
        },
      },
      handshake: [
        {
          when: { query: { 'hub.mode': 'subscribe' } },
          where: [{ at: { query: 'hub.verify_token' }, equals: '{hook.secret}' }],
          respond: { status: 200, body: '{request.query.hub.challenge}' },
          otherwise: 403,
        },
      ],
    },
  },
  events: {
    'whole.message': {
      schema: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
      sample: { text: 'Hi' },
    },
  },
  listens: ['task.created'],
  limits: { heap_mb: 64, cpu_ms: 500, wall_ms: 10_000, concurrency: 4 },
  configuration_migrations: { '<1.0.0': 'rename_site' },
  compatibility: { replaces: ['@acme/old'] },
} as const satisfies Manifest;
