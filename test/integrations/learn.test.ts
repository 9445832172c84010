import { expect } from 'chai';
import { learn } from '../../core/integrations/connect-account.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';

const manifest = {
  learn: {
    instance_url: { from: 'token', pattern: 'https://[a-z0-9-]+\\.my\\.example\\.com' },
    accounts_server: { from: 'callback', at: 'accounts-server', pattern: '^https://accounts\\.zoho\\.(com|eu|in)$' },
    dc: { from: 'connect', at: '/login/dc', pattern: '[a-z]{2}\\d+' },
  },
} as unknown as Manifest;

describe('learn', () => {
  it('takes what token answer, callback and connect tell, each where it is declared', () => {
    expect(
      learn(manifest, {
        token: { instance_url: 'https://acme.my.example.com', access_token: 'a' },
        callback: { 'accounts-server': 'https://accounts.zoho.eu', code: 'c' },
        connect: { login: { dc: 'us6' } },
      }),
    ).to.deep.equal({
      instance_url: 'https://acme.my.example.com',
      accounts_server: 'https://accounts.zoho.eu',
      dc: 'us6',
    });
  });

  for (const value of [
    'https://acme.my.example.com.evil.example',
    'https://evil.example/?https://acme.my.example.com',
    'http://acme.my.example.com',
    'https://acme.my.example.com\nx',
  ])
    it(`learns nothing from ${JSON.stringify(value)}`, () => {
      expect(learn(manifest, { token: { instance_url: value } })).to.deep.equal({});
    });
});
