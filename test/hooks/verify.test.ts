import { createHash, createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { expect } from 'chai';
import { SignJWT } from 'jose';
import { Webhook } from 'standardwebhooks';
import { type Opened, openIncoming } from '../../core/hooks/incoming.ts';
import { verify } from '../../core/hooks/verify.ts';
import type { Verify } from '../../sdk/contract/manifest/verify.ts';

const now = 1_790_000_000_000;
const secret = 'the shared secret';
const body = '{"event":"x","n":1.0,"portal":[{"id":7}]}';
const path = '/api/v1/hooks/int_1/push/key?b=2&a=1';

interface Ask {
  headers?: Record<string, string>;
  body?: string | Buffer;
  method?: string;
  raw_url?: string;
  hook?: Record<string, string>;
  app?: Record<string, string>;
  key?: string | null;
  choice?: string;
  now?: number;
}
function ask(rule: Verify, { headers = {}, body: sent = body, method = 'POST', raw_url = path, ...more }: Ask) {
  const request: Opened = openIncoming({ method, raw_url, headers, bytes: Buffer.from(sent) });
  const hook = { secret, key: 'key', url: request.url, ...more.hook };
  const values = {
    app: { signing_secret: secret, client_secret: secret, ...more.app },
    config: {},
    credential: {},
    integration: {},
    hook,
  };
  return verify(rule, {
    request,
    values,
    choice: more.choice ?? null,
    key: { given: more.key === undefined ? 'key' : more.key, right: 'key' },
    now_ms: more.now ?? now,
  });
}
const mac = (algorithm: string, key: string | Buffer, ...parts: (string | Buffer)[]) =>
  parts.reduce((hmac, part) => hmac.update(part), createHmac(algorithm, key));
const s = String(now / 1000);

const github: Verify = {
  scheme: 'hmac',
  algorithm: 'sha256',
  key: '{hook.secret}',
  message: '{request.body}',
  signature: { header: 'X-Hub-Signature-256', prefix: 'sha256=', encoding: 'hex' },
};
const slack: Verify = {
  scheme: 'hmac',
  algorithm: 'sha256',
  key: '{app.signing_secret}',
  message: 'v0:{request.header.X-Slack-Request-Timestamp}:{request.body}',
  signature: { header: 'X-Slack-Signature', prefix: 'v0=', encoding: 'hex' },
  timestamp: { at: { header: 'X-Slack-Request-Timestamp' }, unit: 's', tolerance_s: 300 },
};
const trello: Verify = {
  scheme: 'hmac',
  algorithm: 'sha1',
  key: '{app.client_secret}',
  message: '{request.body}{hook.url}',
  signature: { header: 'x-trello-webhook', encoding: 'base64' },
};
const hubspot: Verify = {
  scheme: 'hmac',
  algorithm: 'sha256',
  key: '{app.client_secret}',
  message: '{request.method}{request.url|urldecode}{request.body}{request.header.X-HubSpot-Request-Timestamp}',
  signature: { header: 'X-HubSpot-Signature-v3', encoding: 'base64' },
  timestamp: { at: { header: 'X-HubSpot-Request-Timestamp' }, unit: 'ms', tolerance_s: 300 },
};
const hubspot1: Verify = {
  scheme: 'hash',
  algorithm: 'sha256',
  key: '{app.client_secret}',
  message: '{app.client_secret}{request.body}',
  signature: { header: 'X-HubSpot-Signature', encoding: 'hex' },
};
const pagerduty: Verify = {
  scheme: 'hmac',
  algorithm: 'sha256',
  key: '{hook.secret}',
  message: '{request.body}',
  signature: { header: 'X-PagerDuty-Signature', prefix: 'v1=', separator: ',', encoding: 'hex' },
};
const fitbit: Verify = {
  scheme: 'hmac',
  algorithm: 'sha1',
  key: '{app.client_secret}&',
  message: '{request.body}',
  signature: { header: 'X-Fitbit-Signature', encoding: 'base64' },
};
const shopify: Verify = {
  scheme: 'hmac',
  algorithm: 'sha256',
  key: '{app.client_secret}',
  message: '{request.body}',
  signature: { header: 'X-Shopify-Hmac-Sha256', encoding: 'base64' },
};
const gitlabToken: Verify = { scheme: 'token', at: { header: 'X-Gitlab-Token' }, value: '{hook.secret}' };
const gitlab: Verify = {
  choose: { token: gitlabToken, signed: { scheme: 'standard-webhooks', key: '{hook.secret}' } },
};
const basic: Verify = { scheme: 'token', at: { header: 'Authorization' }, value: 'Basic {hook.secret|base64}' };
const zoho: Verify = { scheme: 'token', at: { body: '/token' }, value: '{hook.secret}' };
const jira: Verify = {
  scheme: 'jwt',
  token: { header: 'Authorization', prefix: 'Bearer ' },
  algorithms: ['HS256'],
  key: '{app.client_secret}',
  claims: { iss: 'jira' },
};
const standard: Verify = { scheme: 'standard-webhooks', key: '{hook.secret}' };
const url: Verify = { scheme: 'secret-url' };
const where: Verify = { ...github, where: [{ at: { body: '/event' }, equals: 'x' }] } as Verify;
const both: Verify = { all: [github, gitlabToken] };

const hub = (key = secret, text: string | Buffer = body) => ({
  'x-hub-signature-256': `sha256=${mac('sha256', key, text).digest('hex')}`,
});
const slackHeaders = (at = s, key = secret) => ({
  'x-slack-request-timestamp': at,
  'x-slack-signature': `v0=${mac('sha256', key, `v0:${at}:`, body).digest('hex')}`,
});
const fullUrl = () => openIncoming({ method: 'POST', raw_url: path, headers: {}, bytes: Buffer.alloc(0) }).url;
const hs = (at = String(now)) => ({
  'x-hubspot-request-timestamp': at,
  'x-hubspot-signature-v3': mac('sha256', secret, `POST${decodeURIComponent(fullUrl())}${body}${at}`).digest('base64'),
});
const whsec = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const wh = (at = now) => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(at / 1000),
  'webhook-signature': new Webhook(whsec).sign('msg_1', new Date(at), body),
});
const jwt = (claims: object, key = secret, alg = 'HS256') =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg })
    .setIssuedAt(now / 1000)
    .setExpirationTime(now / 1000 + 300)
    .sign(Buffer.from(key));

describe('Verification of vendors’ webhooks', () => {
  const good: [string, Verify, () => Ask | Promise<Ask>][] = [
    ['GitHub', github, () => ({ headers: hub() })],
    [
      'a body that is no text',
      github,
      () => ({ headers: hub(secret, Buffer.from([0, 255, 254, 10])), body: Buffer.from([0, 255, 254, 10]) }),
    ],
    ['an empty body', github, () => ({ headers: hub(secret, ''), body: '' })],
    ['Slack', slack, () => ({ headers: slackHeaders() })],
    ['Slack, 299 s late', slack, () => ({ headers: slackHeaders(String(now / 1000 - 299)) })],
    [
      'Trello',
      trello,
      () => ({ headers: { 'x-trello-webhook': mac('sha1', secret, body, fullUrl()).digest('base64') } }),
    ],
    ['HubSpot v3', hubspot, () => ({ headers: hs() })],
    [
      'HubSpot v1',
      hubspot1,
      () => ({
        headers: {
          'x-hubspot-signature': createHash('sha256')
            .update(secret + body)
            .digest('hex'),
        },
      }),
    ],
    [
      'PagerDuty, one of several',
      pagerduty,
      () => ({
        headers: { 'x-pagerduty-signature': `v1=${'00'.repeat(32)}, v1=${mac('sha256', secret, body).digest('hex')}` },
      }),
    ],
    [
      'Fitbit, the key with a suffix',
      fitbit,
      () => ({ headers: { 'x-fitbit-signature': mac('sha1', `${secret}&`, body).digest('base64') } }),
    ],
    [
      'Shopify',
      shopify,
      () => ({ headers: { 'x-shopify-hmac-sha256': mac('sha256', secret, body).digest('base64') } }),
    ],
    ['GitLab, token', gitlab, () => ({ headers: { 'x-gitlab-token': secret }, choice: 'token' })],
    ['GitLab, signed', gitlab, () => ({ headers: wh(), hook: { secret: whsec }, choice: 'signed' })],
    [
      'Basic',
      basic,
      () => ({ headers: { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` }, hook: { secret: 'u:p' } }),
    ],
    ['Zoho, token in the body', zoho, () => ({ body: JSON.stringify({ token: secret }) })],
    ['Jira, a JWT', jira, async () => ({ headers: { authorization: `Bearer ${await jwt({ iss: 'jira' })}` } })],
    ['Standard Webhooks', standard, () => ({ headers: wh(), hook: { secret: whsec } })],
    [
      'Standard Webhooks, the second signature',
      standard,
      () => ({
        headers: { ...wh(), 'webhook-signature': `v1,AAAA ${wh()['webhook-signature']}` },
        hook: { secret: whsec },
      }),
    ],
    ['a secret address', url, () => ({})],
    ['where', where, () => ({ headers: hub() })],
    ['all', both, () => ({ headers: { ...hub(), 'x-gitlab-token': secret } })],
  ];
  for (const [what, rule, make] of good)
    it(`takes ${what}`, async () => expect(await ask(rule, await make())).not.to.equal(null));

  const bad: [string, Verify, () => Ask | Promise<Ask>][] = [
    ['GitHub without a signature', github, () => ({})],
    ['GitHub with another key', github, () => ({ headers: hub('other') })],
    ['GitHub with another body', github, () => ({ headers: hub(), body: `${body} ` })],
    ['GitHub with re-serialised JSON', github, () => ({ headers: hub(), body: JSON.stringify(JSON.parse(body)) })],
    [
      'GitHub in capitals of another prefix',
      github,
      () => ({ headers: { 'x-hub-signature-256': hub()['x-hub-signature-256'].replace('sha256', 'SHA256') } }),
    ],
    [
      'GitHub with half a byte',
      github,
      () => ({ headers: { 'x-hub-signature-256': hub()['x-hub-signature-256'].slice(0, -1) } }),
    ],
    ['GitHub with an empty secret', github, () => ({ headers: hub(''), hook: { secret: '' } })],
    ['Slack, 301 s late', slack, () => ({ headers: slackHeaders(String(now / 1000 - 301)) })],
    ['Slack, 301 s early', slack, () => ({ headers: slackHeaders(String(now / 1000 + 301)) })],
    [
      'Slack with a time that was not signed',
      slack,
      () => ({ headers: { ...slackHeaders(), 'x-slack-request-timestamp': String(now / 1000 + 1) } }),
    ],
    ['Slack with no time', slack, () => ({ headers: { 'x-slack-signature': slackHeaders()['x-slack-signature'] } })],
    ['Slack with a time that is no number', slack, () => ({ headers: slackHeaders('1e9') })],
    [
      'Trello for another address',
      trello,
      () => ({ headers: { 'x-trello-webhook': mac('sha1', secret, body, 'https://other/').digest('base64') } }),
    ],
    ['HubSpot by another method', hubspot, () => ({ headers: hs(), method: 'PUT' })],
    ['HubSpot with another query', hubspot, () => ({ headers: hs(), raw_url: `${path}&c=3` })],
    ['HubSpot, seconds for milliseconds', hubspot, () => ({ headers: hs(s) })],
    [
      'HubSpot v1 with another body',
      hubspot1,
      () => ({
        headers: {
          'x-hubspot-signature': createHash('sha256')
            .update(secret + body)
            .digest('hex'),
        },
        body: '{}',
      }),
    ],
    [
      'PagerDuty with the prefix of another version',
      pagerduty,
      () => ({ headers: { 'x-pagerduty-signature': `v2=${mac('sha256', secret, body).digest('hex')}` } }),
    ],
    [
      'Fitbit without the suffix',
      fitbit,
      () => ({ headers: { 'x-fitbit-signature': mac('sha1', secret, body).digest('base64') } }),
    ],
    [
      'Shopify in hex',
      shopify,
      () => ({ headers: { 'x-shopify-hmac-sha256': mac('sha256', secret, body).digest('hex') } }),
    ],
    [
      'Shopify in base64 with a space',
      shopify,
      () => ({
        headers: {
          'x-shopify-hmac-sha256': `${mac('sha256', secret, body).digest('base64').slice(0, 10)} ${mac('sha256', secret, body).digest('base64').slice(10)}`,
        },
      }),
    ],
    [
      'GitLab by the variant that was not chosen',
      gitlab,
      () => ({ headers: { 'x-gitlab-token': whsec }, hook: { secret: whsec }, choice: 'signed' }),
    ],
    [
      'GitLab by a variant that there is none of',
      gitlab,
      () => ({ headers: { 'x-gitlab-token': secret }, choice: 'constructor' }),
    ],
    ['GitLab with a longer token', gitlabToken, () => ({ headers: { 'x-gitlab-token': `${secret}x` } })],
    ['GitLab with an empty token', gitlabToken, () => ({ headers: { 'x-gitlab-token': '' } })],
    [
      'Basic with another password',
      basic,
      () => ({ headers: { authorization: `Basic ${Buffer.from('u:q').toString('base64')}` }, hook: { secret: 'u:p' } }),
    ],
    ['Zoho with the token elsewhere', zoho, () => ({ body: JSON.stringify({ data: { token: secret } }) })],
    ['Zoho with a body that is no JSON', zoho, () => ({ body: `token=${secret}` })],
    [
      'Jira with another key',
      jira,
      async () => ({ headers: { authorization: `Bearer ${await jwt({ iss: 'jira' }, 'other key')}` } }),
    ],
    [
      'Jira with another issuer',
      jira,
      async () => ({ headers: { authorization: `Bearer ${await jwt({ iss: 'evil' })}` } }),
    ],
    [
      'Jira with another algorithm',
      jira,
      async () => ({ headers: { authorization: `Bearer ${await jwt({ iss: 'jira' }, secret, 'HS512')}` } }),
    ],
    [
      'Jira with alg none',
      jira,
      () => ({
        headers: {
          authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"iss":"jira"}').toString('base64url')}.`,
        },
      }),
    ],
    [
      'Jira after its end',
      jira,
      async () => ({ headers: { authorization: `Bearer ${await jwt({ iss: 'jira' })}` }, now: now + 301_000 }),
    ],
    ['Jira without Bearer', jira, async () => ({ headers: { authorization: await jwt({ iss: 'jira' }) } })],
    ['Standard Webhooks, stale', standard, () => ({ headers: wh(now - 301_000), hook: { secret: whsec } })],
    [
      'Standard Webhooks with another id',
      standard,
      () => ({ headers: { ...wh(), 'webhook-id': 'msg_2' }, hook: { secret: whsec } }),
    ],
    [
      'Standard Webhooks without an id',
      standard,
      () => ({ headers: { ...wh(), 'webhook-id': '' }, hook: { secret: whsec } }),
    ],
    [
      'Standard Webhooks under v2',
      standard,
      () => ({
        headers: { ...wh(), 'webhook-signature': wh()['webhook-signature'].replace('v1,', 'v2,') },
        hook: { secret: whsec },
      }),
    ],
    ['Standard Webhooks with an empty key', standard, () => ({ headers: wh(), hook: { secret: 'whsec_' } })],
    ['a secret address without its key', url, () => ({ key: null })],
    ['a secret address with another key', url, () => ({ key: 'kez' })],
    ['where with another value', where, () => ({ headers: hub(secret, '{"event":"y"}'), body: '{"event":"y"}' })],
    ['where with nothing there', where, () => ({ headers: hub(secret, '{}'), body: '{}' })],
    ['all with one missing', both, () => ({ headers: hub() })],
    ['all of nothing', { all: [] }, () => ({ headers: hub() })],
    ['an unknown scheme', { scheme: 'trust-me' } as unknown as Verify, () => ({})],
  ];
  for (const [what, rule, make] of bad)
    it(`refuses ${what}`, async () => expect(await ask(rule, await make())).to.equal(null));

  for (const [type, algorithm, hash] of [
    ['ed25519', 'ed25519', null],
    ['rsa', 'rsa-sha256', 'sha256'],
    ['ec', 'ecdsa-p256-sha256', 'sha256'],
  ] as const) {
    it(`checks a public-key signature (${algorithm}), and no other key’s`, async () => {
      const pair = () =>
        type === 'rsa'
          ? generateKeyPairSync('rsa', { modulusLength: 2048 })
          : type === 'ec'
            ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
            : generateKeyPairSync('ed25519');
      const keys = pair();
      const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
      const rule: Verify = {
        scheme: 'public-key',
        algorithm,
        message: '{request.body}',
        signature: { header: 'X-Sig', encoding: 'base64' },
        keys: { pem },
      };
      const signed = (key = keys.privateKey, text = body) => ({
        headers: { 'x-sig': signBytes(hash, Buffer.from(text), key).toString('base64') },
      });
      expect(await ask(rule, signed())).not.to.equal(null);
      expect(await ask(rule, signed(pair().privateKey))).to.equal(null);
      expect(await ask(rule, signed(keys.privateKey, `${body} `))).to.equal(null);
      expect(await ask(rule, { headers: { 'x-sig': 'AAAA' } })).to.equal(null);
    });
  }
});
