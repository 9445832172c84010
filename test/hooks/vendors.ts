import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import webhooks from '@octokit/webhooks-examples/api.github.com/index.json' with { type: 'json' };
import { SignJWT } from 'jose';
import { Webhook } from 'standardwebhooks';

/** A request as a vendor sends it. */
export interface Sent {
  body: Buffer;
  headers: Record<string, string>;
}

/** What a request is proved with, and when it was made. */
export interface By {
  secret: string;
  at_ms?: number;
}

export interface Vendor {
  /** the trigger of the test plugin, as the vendor's own documentation describes its webhooks */
  trigger: Record<string, unknown>;
  /** where the secret lies: of the hook, or of the app */
  secret: string;
  app?: boolean;
  payload: Buffer;
  /** signs a payload as the vendor does */
  sign(body: Buffer, by: By): Record<string, string> | Promise<Record<string, string>>;
  /** what makes a delivery another one */
  another(sent: Sent): Sent;
  /** requests that must be refused, beyond those that any vendor's are */
  refused: Record<string, (sent: Sent, by: By) => Sent | Promise<Sent>>;
  /** whether the body is proved by the signature: a token proves only who sends */
  signs_body: boolean;
  /** whether the time is */
  signs_time: boolean;
}

const payloads = join(import.meta.dirname, 'payloads');
/** Payloads as the vendors send them; sources and licences are in payloads/README.md. */
const file = (name: string): Buffer => readFileSync(join(payloads, `${name}.json`));
const json = { 'content-type': 'application/json' };
const hmac = (secret: string, ...parts: (string | Buffer)[]) =>
  parts.reduce((mac, part) => mac.update(part), createHmac('sha256', secret));
const examples = webhooks as unknown as { name: string; examples: object[] }[];
const header = (name: string, value: (sent: Sent, by: By) => string) => (sent: Sent, by: By) => ({
  ...sent,
  headers: { ...sent.headers, [name]: value(sent, by) },
});
const without = (name: string) => (sent: Sent) => {
  const { [name]: _, ...headers } = sent.headers;
  return { ...sent, headers };
};
const seconds = (by: By) => String(Math.floor((by.at_ms ?? Date.now()) / 1000));
const jwt = (secret: string, at_ms = Date.now(), alg = 'HS256') =>
  new SignJWT({ iss: 'jira', qsh: 'context-qsh' })
    .setProtectedHeader({ alg })
    .setIssuedAt(Math.floor(at_ms / 1000))
    .setExpirationTime(Math.floor(at_ms / 1000) + 180)
    .sign(Buffer.from(secret));

export const vendors: Record<string, Vendor> = {
  github: {
    trigger: {
      address: 'integration',
      verify: {
        scheme: 'hmac',
        algorithm: 'sha256',
        key: '{hook.secret}',
        message: '{request.body}',
        signature: { header: 'X-Hub-Signature-256', prefix: 'sha256=', encoding: 'hex' },
      },
      dedupe: [{ header: 'X-GitHub-Delivery' }],
    },
    secret: 'It is a secret to everybody',
    payload: Buffer.from(JSON.stringify(examples.find(({ name }) => name === 'push')?.examples[0])),
    sign: (body, { secret }) => ({
      ...json,
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${hmac(secret, body).digest('hex')}`,
      'user-agent': 'GitHub-Hookshot/044aadd',
    }),
    another: (sent) => ({ ...sent, headers: { ...sent.headers, 'x-github-delivery': randomUUID() } }),
    refused: {
      'the old SHA-1 signature alone': (sent, { secret }) => ({
        ...without('x-hub-signature-256')(sent),
        headers: {
          ...without('x-hub-signature-256')(sent).headers,
          'x-hub-signature': `sha1=${createHmac('sha1', secret).update(sent.body).digest('hex')}`,
        },
      }),
      'base64 for hex': header(
        'x-hub-signature-256',
        (sent, by) => `sha256=${hmac(by.secret, sent.body).digest('base64')}`,
      ),
      'no prefix': header('x-hub-signature-256', (sent, by) => hmac(by.secret, sent.body).digest('hex')),
    },
    signs_body: true,
    signs_time: false,
  },
  gitlab: {
    trigger: {
      address: 'integration',
      verify: {
        choose: {
          token: { scheme: 'token', at: { header: 'X-Gitlab-Token' }, value: '{hook.secret}' },
          signed: { scheme: 'standard-webhooks', key: '{hook.secret}' },
        },
      },
      dedupe: [{ header: 'webhook-id' }],
    },
    secret: `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
    payload: file('gitlab-push'),
    sign: (body, by) => {
      const id = randomUUID();
      const at = new Date(by.at_ms ?? Date.now());
      return {
        ...json,
        ...{ 'x-gitlab-event': 'Push Hook', 'webhook-id': id, 'webhook-timestamp': seconds(by) },
        'webhook-signature': new Webhook(by.secret).sign(id, at, body.toString()),
      };
    },
    another: (sent) => sent,
    refused: {
      'the token, where signatures were chosen': (sent, { secret }) => ({
        ...sent,
        headers: { ...json, 'webhook-id': 'x', 'x-gitlab-token': secret },
      }),
      'another id than the signed one': header('webhook-id', () => randomUUID()),
      'another time than the signed one': header('webhook-timestamp', (sent) =>
        String(Number(sent.headers['webhook-timestamp']) + 1),
      ),
      'a signature of version 2': header('webhook-signature', (sent) =>
        String(sent.headers['webhook-signature']).replace('v1,', 'v2,'),
      ),
    },
    signs_body: true,
    signs_time: true,
  },
  jira: {
    trigger: {
      address: 'app',
      verify: {
        scheme: 'jwt',
        token: { header: 'Authorization', prefix: 'Bearer ' },
        algorithms: ['HS256'],
        key: '{app.client_secret}',
        claims: { iss: 'jira' },
      },
      route: { to: 'account', by: { body: '/issue/self', pattern: '^https://([a-z0-9-]+)\\.atlassian\\.net/' } },
      dedupe: [{ header: 'X-Atlassian-Webhook-Identifier' }],
    },
    secret: 'the client secret of the Jira app',
    app: true,
    payload: file('jira-comment-created'),
    sign: async (_, { secret, at_ms }) => ({
      ...json,
      authorization: `Bearer ${await jwt(secret, at_ms)}`,
      'x-atlassian-webhook-identifier': randomUUID(),
    }),
    another: (sent) => ({ ...sent, headers: { ...sent.headers, 'x-atlassian-webhook-identifier': randomUUID() } }),
    refused: {
      'a token of another algorithm': async (sent, { secret }) => ({
        ...sent,
        headers: { ...sent.headers, authorization: `Bearer ${await jwt(secret, Date.now(), 'HS512')}` },
      }),
      'an unsigned token': header('authorization', (sent) => {
        const [, claims] = String(sent.headers.authorization).replace('Bearer ', '').split('.');
        return `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
      }),
      'a token without Bearer': header('authorization', (sent) => String(sent.headers.authorization).slice(7)),
    },
    signs_body: false,
    signs_time: true,
  },
  slack: {
    trigger: {
      address: 'app',
      verify: {
        scheme: 'hmac',
        algorithm: 'sha256',
        key: '{app.signing_secret}',
        message: 'v0:{request.header.X-Slack-Request-Timestamp}:{request.body}',
        signature: { header: 'X-Slack-Signature', prefix: 'v0=', encoding: 'hex' },
        timestamp: { at: { header: 'X-Slack-Request-Timestamp' }, unit: 's', tolerance_s: 300 },
      },
      route: { to: 'account', by: { body: '/team_id' } },
      handshake: [
        {
          when: { body: { '/type': ['url_verification'] } },
          verified: true,
          respond: { status: 200, body: '{request.body./challenge}' },
        },
      ],
      dedupe: [{ body: '/event_id' }],
      redact: ['/token'],
    },
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    app: true,
    payload: file('slack-reaction-added'),
    sign: (body, by) => ({
      ...json,
      'x-slack-request-timestamp': seconds(by),
      'x-slack-signature': `v0=${hmac(by.secret, `v0:${seconds(by)}:`, body).digest('hex')}`,
    }),
    another: (sent) => ({ ...sent, body: Buffer.from(sent.body.toString().replace('Ev0001', `Ev${Date.now()}`)) }),
    refused: {
      'a newer time than the signed one': header('x-slack-request-timestamp', (sent) =>
        String(Number(sent.headers['x-slack-request-timestamp']) + 1),
      ),
      'the signature of the body alone': header(
        'x-slack-signature',
        (sent, by) => `v0=${hmac(by.secret, sent.body).digest('hex')}`,
      ),
      'capital hexadecimal of another length': header('x-slack-signature', (sent) =>
        String(sent.headers['x-slack-signature']).slice(0, -1),
      ),
    },
    signs_body: true,
    signs_time: true,
  },
  azure_devops: {
    trigger: {
      address: 'integration',
      verify: { scheme: 'token', at: { header: 'Authorization' }, value: 'Basic {hook.secret|base64}' },
      dedupe: [{ body: '/id' }],
    },
    secret: 'patchbay:a long password',
    payload: file('azure-devops-git-push'),
    sign: (_, { secret }) => ({ ...json, authorization: `Basic ${Buffer.from(secret).toString('base64')}` }),
    another: (sent) => ({
      ...sent,
      body: Buffer.from(
        JSON.stringify({ ...JSON.parse(sent.body.toString().replace(/^\uFEFF/, '')), id: randomUUID() }),
      ),
    }),
    refused: {
      'the right password of another user': header(
        'authorization',
        () => `Basic ${Buffer.from('other:a long password').toString('base64')}`,
      ),
      'the password in the clear': header('authorization', (_, { secret }) => `Basic ${secret}`),
      Bearer: header('authorization', (sent) => String(sent.headers.authorization).replace('Basic', 'Bearer')),
    },
    signs_body: false,
    signs_time: false,
  },
  docker_hub: {
    trigger: { address: 'integration', verify: { scheme: 'secret-url' }, dedupe: [{ body: '/callback_url' }] },
    secret: '',
    payload: file('docker-hub-push'),
    sign: () => json,
    another: (sent) => ({ ...sent, body: Buffer.from(sent.body.toString().replace('/hook/', `/hook/${Date.now()}`)) }),
    refused: {},
    signs_body: false,
    signs_time: false,
  },
};
