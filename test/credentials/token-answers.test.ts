import { expect } from 'chai';
import { readTokenAnswer } from '../../core/credentials/tokens/read-token-answer.ts';
import { TokenError } from '../../core/credentials/tokens/token-error.ts';
import type { Yields } from '../../sdk/contract/manifest/shapes.ts';

const now = Date.UTC(2026, 0, 1);
const hour = now + 3_600_000;
const usual: Yields = {
  secrets: { access_token: '/access_token', refresh_token: '/refresh_token' },
  expires_in: '/expires_in',
  scope: '/scope',
};
const read = (body: string, yields: Yields | undefined = usual, status = 200, type = 'application/json') =>
  readTokenAnswer({ status, headers: { 'content-type': type }, body: Buffer.from(body) }, yields, now);
const json = (value: unknown, yields?: Yields, status?: number) => read(JSON.stringify(value), yields, status);

/** Answers as vendors give them (VENDORS.md), each read by declaration alone. */
describe('Token answers of vendors', () => {
  it('reads the standard one, with or without a declaration', () => {
    const answer = { access_token: 'a', token_type: 'bearer', expires_in: 3600, refresh_token: 'r', scope: 'x y' };
    const wanted = { values: { access_token: 'a', refresh_token: 'r' }, scopes: ['x', 'y'], expires_at: hour };
    expect(json(answer)).to.deep.include(wanted);
    expect(
      readTokenAnswer({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) }, undefined, now),
    ).to.deep.include(wanted);
  });

  const good: [
    string,
    () => { values: Record<string, string>; scopes: string[] | null; expires_at: number | null },
    object,
  ][] = [
    [
      'GitHub: form-encoded',
      () =>
        read(
          'access_token=a&scope=repo%2Cread%3Aorg&token_type=bearer',
          usual,
          200,
          'application/x-www-form-urlencoded',
        ),
      { values: { access_token: 'a' }, scopes: ['repo', 'read:org'] },
    ],
    [
      'GitHub: form-encoded under text/html',
      () => read('access_token=a&scope=', usual, 200, 'text/html'),
      { values: { access_token: 'a' }, scopes: [] },
    ],
    ['GitHub: scopes by comma', () => json({ access_token: 'a', scope: 'repo,user' }), { scopes: ['repo', 'user'] }],
    [
      'Shopify: comma scopes, no token_type',
      () => json({ access_token: 'a', scope: 'read_products,read_orders' }),
      { scopes: ['read_products', 'read_orders'] },
    ],
    [
      'Slack: bot and user token in one',
      () =>
        json(
          { ok: true, access_token: 'xoxb', authed_user: { access_token: 'xoxp' } },
          { secrets: { access_token: '/access_token', user_token: '/authed_user/access_token' } },
        ),
      { values: { access_token: 'xoxb', user_token: 'xoxp' } },
    ],
    [
      'a nested answer',
      () => json({ data: { token: { access_token: 'a', expires_in: 3600 } } }, { ...usual, at: '/data/token' }),
      { values: { access_token: 'a' }, expires_at: hour },
    ],
    [
      'Alipay: under a node of its own',
      () =>
        json(
          { alipay_system_oauth_token_response: { access_token: 'a', expires_in: '3600' }, sign: 's' },
          { ...usual, at: '/alipay_system_oauth_token_response' },
        ),
      { values: { access_token: 'a' }, expires_at: hour },
    ],
    [
      'camel case',
      () =>
        json(
          { accessToken: 'a', refreshToken: 'r', expiresIn: 3600 },
          { secrets: { access_token: '/accessToken', refresh_token: '/refreshToken' }, expires_in: '/expiresIn' },
        ),
      { values: { access_token: 'a', refresh_token: 'r' }, expires_at: hour },
    ],
    [
      'GitHub App: `token` and an ISO time',
      () =>
        json(
          { token: 'a', expires_at: '2026-01-01T01:00:00Z' },
          { secrets: { access_token: '/token' }, expires_at: '/expires_at' },
        ),
      { values: { access_token: 'a' }, expires_at: hour },
    ],
    [
      'Salesforce: no expiry, a declared life',
      () => json({ access_token: 'a', instance_url: 'https://x' }, { ...usual, default_life_s: 3600 }),
      { expires_at: hour },
    ],
    [
      'Mailchimp: expires_in 0 means never',
      () => json({ access_token: 'a', expires_in: 0, scope: null }),
      { expires_at: null, scopes: null },
    ],
    ['expiry as text', () => json({ access_token: 'a', expires_in: '3600' }), { expires_at: hour }],
    [
      'expiry in milliseconds',
      () => json({ access_token: 'a', expires_in: 3_600_000 }, { ...usual, unit: 'ms' }),
      { expires_at: hour },
    ],
    [
      'expiry as an epoch in seconds',
      () => json({ access_token: 'a', exp: hour / 1000 }, { ...usual, expires_at: '/exp' }),
      { expires_at: hour },
    ],
    [
      'expiry as an epoch in milliseconds',
      () => json({ access_token: 'a', exp: hour }, { ...usual, expires_at: '/exp', unit: 'ms' }),
      { expires_at: hour },
    ],
    [
      'expiry as an epoch in a text',
      () => json({ access_token: 'a', exp: String(hour / 1000) }, { ...usual, expires_at: '/exp' }),
      { expires_at: hour },
    ],
    [
      'scopes as a list',
      () => json({ access_token: 'a', scopes: ['x', 'y'] }, { ...usual, scope: '/scopes' }),
      { scopes: ['x', 'y'] },
    ],
    [
      'an empty refresh token is none',
      () => json({ access_token: 'a', refresh_token: '' }),
      { values: { access_token: 'a' } },
    ],
    [
      'no refresh token on a refresh',
      () => json({ access_token: 'b', expires_in: 3600 }),
      { values: { access_token: 'b' } },
    ],
    [
      'Xiaomi: behind a prefix',
      () => read('&&&START&&&{"access_token":"a","expires_in":3600}', { ...usual, strip_prefix: '&&&START&&&' }),
      { values: { access_token: 'a' }, expires_at: hour },
    ],
    [
      'Adobe: behind while (1) {}',
      () => read('while (1) {}\n{"access_token":"a"}', { ...usual, strip_prefix: 'while (1) {}' }),
      { values: { access_token: 'a' } },
    ],
    ['a byte order mark', () => read('\uFEFF{"access_token":"a"}'), { values: { access_token: 'a' } }],
    ['a token that is a number', () => json({ access_token: 12345 }), { values: { access_token: '12345' } }],
    [
      'WeChat: openid and session key',
      () =>
        json(
          { openid: 'o', session_key: 's', expires_in: 3600 },
          { secrets: { session_key: '/session_key', openid: '/openid' }, expires_in: '/expires_in' },
        ),
      { values: { session_key: 's', openid: 'o' } },
    ],
    [
      'OAuth 1.0a: form-encoded pair',
      () =>
        read(
          'oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true',
          { secrets: { oauth_token: '/oauth_token', oauth_token_secret: '/oauth_token_secret' } },
          200,
          'text/plain',
        ),
      { values: { oauth_token: 't', oauth_token_secret: 's' } },
    ],
    [
      'JSON under text/plain',
      () => read('{"access_token":"a"}', usual, 200, 'text/plain'),
      { values: { access_token: 'a' } },
    ],
    [
      'a pointer with an escaped slash',
      () => json({ 'a/b': 'x' }, { secrets: { access_token: '/a~1b' } }),
      { values: { access_token: 'x' } },
    ],
  ];
  for (const [what, ask, wanted] of good) it(`reads ${what}`, () => expect(ask()).to.deep.include(wanted));

  const bad: [string, () => unknown, string, string][] = [
    [
      'the standard error',
      () => json({ error: 'invalid_grant', error_description: 'Token revoked' }, usual, 400),
      'invalid_grant',
      'Token revoked',
    ],
    [
      'Slack: an error inside 200',
      () => json({ ok: false, error: 'invalid_refresh_token' }),
      'invalid_grant',
      'invalid_refresh_token',
    ],
    [
      'GitHub: an error inside 200',
      () => json({ error: 'bad_verification_code', error_description: 'The code is incorrect' }),
      'bad_verification_code',
      'incorrect',
    ],
    [
      'GitHub: a form-encoded error',
      () => read('error=bad_refresh_token&error_description=gone', usual, 200, 'application/x-www-form-urlencoded'),
      'invalid_grant',
      'gone',
    ],
    [
      'Fitbit: a list of errors',
      () => json({ errors: [{ errorType: 'invalid_grant', message: 'Refresh token invalid' }] }, usual, 401),
      'invalid_grant',
      'Refresh token invalid',
    ],
    [
      'Meta: an object',
      () => json({ error: { message: 'Session has expired', code: 190 } }, usual, 400),
      'invalid_grant',
      'Session has expired',
    ],
    [
      'WeChat: errcode inside 200',
      () => json({ errcode: 40029, errmsg: 'invalid code' }, { secrets: { session_key: '/session_key' } }),
      '40029',
      'invalid code',
    ],
    [
      'Jira: 403 with invalid_grant',
      () => json({ error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' }, usual, 403),
      'invalid_grant',
      'Unknown',
    ],
    ['a page of HTML', () => read('<html>Sign in</html>', usual, 200, 'text/html'), 'unreadable', 'neither JSON'],
    ['a broken gateway', () => read('<html>Bad gateway</html>', usual, 502, 'text/html'), 'no_answer', '502'],
    ['an empty answer', () => json({}), 'unreadable', 'no token'],
  ];
  for (const [what, ask, code, words] of bad)
    it(`says what is wrong: ${what}`, () => {
      try {
        ask();
      } catch (error) {
        expect(error).to.be.instanceOf(TokenError);
        expect((error as TokenError).code).to.equal(code);
        expect((error as TokenError).message).to.contain(words);
        return;
      }
      throw new Error('it was taken for a token');
    });
});
