import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError, envExample, readConfig, variables } from '../core/config.ts';

/** The problems that an environment has, or an empty list. */
function problems(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('configuration of the host', () => {
  it('an empty environment gives the documented defaults, frozen', () => {
    const config = readConfig({});
    expect(config).to.include({
      port: 8093,
      host: '127.0.0.1',
      url: 'http://localhost:8093',
      signup: 'invite',
      allow_sideload: false,
      mongodb_uri: null,
    });
    expect(config).to.be.frozen;
  });

  it('names every bad variable at once, with what was seen', () => {
    const found = problems({
      PORT: 'eighty',
      PATCHBAY_SIGNUP: 'maybe',
      PATCHBAY_URL: 'ftp://x',
      LOG_LEVEL: 'loud',
      PATCHBAY_EGRESS_ALLOW: '10.0.0.0/99',
      MONGODB_URI: 'postgres://x',
    });
    expect(found).to.have.length(6);
    expect(found.join('\n')).to.include('"eighty"').and.include('closed, invite, open');
  });

  it('refuses an ENCRYPTION_KEY that is not 64 hex characters, without showing it, and says how to make one', () => {
    const [problem = ''] = problems({ ENCRYPTION_KEY: 'my-secret-key' });
    expect(problem).to.include('64 hex').and.include('randomBytes(32)').and.not.include('my-secret-key');
    expect(problems({ ENCRYPTION_KEY: `${'ab'.repeat(32)},${'CD'.repeat(32)}` })).to.deep.equal([]);
  });

  it('wants variables that go together to come together', () => {
    expect(problems({ PATCHBAY_TLS_CERT: 'a.pem' }).join()).to.include('PATCHBAY_TLS_KEY');
    expect(problems({ PATCHBAY_ADMIN_EMAIL: 'a@b.example' }).join()).to.include('PATCHBAY_ADMIN_PASSWORD');
    expect(problems({ PATCHBAY_JWKS_URL: 'https://issuer.example/jwks' }).join()).to.include('PATCHBAY_JWT_ISSUER');
  });

  it('reads the OAuth app of a service, also under the names in use elsewhere', () => {
    const config = readConfig({
      GITHUB_CLIENT_ID: 'a',
      GITHUB_CLIENT_SECRET: 'b',
      META_APP_ID: 'c',
      SHOPIFY_API_SECRET: 'd',
    });
    expect(config.app('github')).to.deep.equal({ client_id: 'a', client_secret: 'b' });
    expect(config.app('meta_ads')).to.deep.equal({ client_id: 'c' });
    expect(config.app('shopify')).to.deep.equal({ client_secret: 'd' });
    expect(config.app('slack')).to.deep.equal({});
  });

  it('NEXT_PUBLIC_APP_URL stands in for PATCHBAY_URL, and a slash at the end is dropped', () => {
    expect(readConfig({ NEXT_PUBLIC_APP_URL: 'https://hub.example.com/' }).url).to.equal('https://hub.example.com');
  });

  it('.env.example holds exactly what the table says (npm run env writes it)', () => {
    expect(readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8')).to.equal(envExample());
    expect(new Set(variables.map(({ name }) => name)).size).to.equal(variables.length);
  });
});
