import { actions } from './manifest/actions.ts';
import { events } from './manifest/events.ts';

const hosts = ['slack.com', '{config.api_url}'] as const;
const inject = [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }] as const;
const eventTypes = ['slack.message', 'slack.app_mention', 'slack.reaction', 'slack.channel'] as const;

export const manifest = {
  manifest_version: 1,
  name: '@patchbay/slack',
  version: '1.0.0',
  display_name: 'Slack',
  description: {
    en: 'Posts messages to Slack, lists channels, and hears what people write',
    'zh-Hans': '向 Slack 发送消息、列出频道，并接收成员发言事件',
    'zh-Hant': '向 Slack 傳送訊息、列出頻道，並接收成員發言事件',
  },
  license: 'MIT',
  author: 'Patchbay',
  documentation_url: 'https://docs.slack.dev',
  categories: ['communication'],
  keywords: ['slack', 'chat', 'messages'],
  engines: { patchbay: '>=1.0.0' },
  integration: { type: 'slack', category: 'communication', service_type: 'communication' },
  permissions: [
    { name: 'network', hosts: ['slack.com'], reason: 'Posts messages and lists channels through the Web API' },
    {
      name: 'network',
      hosts: ['{config.api_url}'],
      private: true,
      reason: 'The same through another address: Slack GovCloud, or a proxy inside your network',
      optional: true,
    },
    {
      name: 'app',
      service: 'slack',
      reason: 'Signs people in with the Slack app of your host, and proves that events come from Slack',
      optional: true,
    },
    { name: 'events:emit', types: eventTypes, reason: 'Tells the project what was written' },
  ],
  configuration: {
    type: 'object',
    additionalProperties: false,
    properties: {
      api_url: {
        type: 'string',
        format: 'uri',
        title: 'API address',
        description: 'Leave it as it is, except for Slack GovCloud: https://slack-gov.com/api',
        default: 'https://slack.com/api',
      },
    },
  },
  app: {
    client_id: { type: 'string', title: 'Client ID' },
    client_secret: { type: 'string', title: 'Client secret', format: 'secret' },
    signing_secret: { type: 'string', title: 'Signing secret', format: 'secret', optional: true },
  },
  auth: [
    {
      name: 'oauth',
      type: 'oauth2',
      title: 'Sign in with Slack',
      base_url: '{config.api_url}',
      hosts,
      inject,
      authorize: {
        url: 'https://slack.com/oauth/v2/authorize',
        scopes: [
          { scope: 'chat:write', reason: 'Posts messages' },
          { scope: 'channels:read', reason: 'Lists channels' },
          { scope: 'channels:history', optional: true, reason: 'Hears what is written in channels it is in' },
          { scope: 'app_mentions:read', optional: true, reason: 'Hears when it is mentioned' },
          { scope: 'reactions:read', optional: true, reason: 'Hears reactions' },
        ],
        separator: ',',
        pkce: 'none',
      },
      token: { method: 'POST', url: '{config.api_url}/oauth.v2.access', as: 'form', client: 'basic' },
      yields: {
        secrets: { access_token: '/access_token', refresh_token: '/refresh_token' },
        expires_in: '/expires_in',
        scope: '/scope',
      },
      revoke: { method: 'POST', url: '{config.api_url}/auth.revoke', as: 'form', auth: 'oauth' },
      refresh: { old_token: 'dies_on_use' },
    },
    {
      name: 'token',
      type: 'bearer',
      title: 'Bot token',
      fields: {
        access_token: { type: 'string', title: 'Bot token', description: 'Begins with xoxb-', format: 'secret' },
      },
      base_url: '{config.api_url}',
      hosts,
      inject,
    },
  ],
  learn: { team_id: { from: 'connect', at: '/team_id', pattern: '^[TE][A-Z0-9]+$' } },
  // Slack says no with status 200: the first rule that fits counts.
  answers: [
    { when: { status: 429 }, means: 'limited', after: { header: 'retry-after' } },
    { when: { body: { '/ok': [false], '/error': ['ratelimited', 'rate_limited'] } }, means: 'limited', after: 30 },
    { when: { body: { '/ok': [false], '/error': ['token_expired'] } }, means: 'expired' },
    {
      when: {
        body: { '/ok': [false], '/error': ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked'] },
      },
      means: 'revoked',
      message: { body: '/error' },
    },
    {
      when: { body: { '/ok': [false], '/error': ['missing_scope', 'not_allowed_token_type', 'ekm_access_denied'] } },
      means: 'forbidden',
      message: { body: '/error' },
    },
    { when: { body: { '/ok': [false] } }, means: 'failed', message: { body: '/error' } },
  ],
  redact: ['/token', '/response_url', '/trigger_id'],
  rate_limits: [
    { name: 'post', per: 'credential', paths: ['/api/chat.postMessage'], limit: 1, window_s: 1 },
    { name: 'rest', per: 'credential', limit: 20, window_s: 60 },
  ],
  actions,
  triggers: {
    events: {
      title: 'Events',
      description: "The app's Event Subscriptions: one address for every workspace that uses the app",
      address: 'app',
      accepts: ['json'],
      verify: {
        scheme: 'hmac',
        algorithm: 'sha256',
        key: '{app.signing_secret}',
        message: 'v0:{request.header.X-Slack-Request-Timestamp}:{request.body}',
        signature: { header: 'X-Slack-Signature', prefix: 'v0=', encoding: 'hex' },
        timestamp: { at: { header: 'X-Slack-Request-Timestamp' }, unit: 's', tolerance_s: 300 },
      },
      route: { to: 'team_id', by: { body: '/team_id' } },
      handshake: [
        {
          when: { body: { '/type': ['url_verification'] } },
          verified: true,
          respond: { status: 200, body: '{request.body./challenge}', type: 'text/plain' },
        },
      ],
      dedupe: [{ body: '/event_id' }],
      redact: ['/token', '/response_url', '/trigger_id'],
      emits: eventTypes,
    },
  },
  events,
} as const;
