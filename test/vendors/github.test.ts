import { expect } from 'chai';
import { type GitHubMock, payloads, signature, startGitHub } from './github.ts';

describe('The GitHub mock', () => {
  let vendor: GitHubMock;
  const ask = (method: string, path: string, body?: object, token = vendor.token) =>
    fetch(vendor.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  before(async () => {
    vendor = await startGitHub({ issues: 45, pull_requests: 2 });
  });
  after(() => vendor.stop());

  it('answers as GitHub’s own document says, operation by operation', async () => {
    for (const path of [
      '/user',
      '/user/repos?per_page=1',
      '/repos/octo/repo-1',
      '/repos/octo/repo-1/issues?state=all',
      '/repos/octo/repo-1/pulls',
      '/repos/octo/repo-1/hooks',
    ])
      expect((await ask('GET', path)).status, path).to.equal(200);
    expect((await ask('POST', '/repos/octo/repo-1/issues/1/comments', { body: 'hi' })).status).to.equal(201);
    expect((await ask('PATCH', '/repos/octo/repo-1/issues/2', { state: 'closed' })).status).to.equal(200);
    expect(vendor.violations).to.deep.equal([]);
  });

  it('pages by Link until the last page, which has no next', async () => {
    const first = await ask('GET', '/repos/octo/repo-1/issues?state=all&per_page=30');
    expect(first.headers.get('link')).to.match(/page=2>; rel="next"/);
    const last = await ask('GET', '/repos/octo/repo-1/issues?state=all&per_page=30&page=2');
    expect(last.headers.get('link')).to.not.include('rel="next"');
    expect(await last.json()).to.have.length(17);
  });

  it('keeps what was written, and finds what changed since', async () => {
    const made = (await (await ask('POST', '/repos/octo/repo-1/issues', { title: 'New' })).json()) as {
      number: number;
      updated_at: string;
    };
    const since = await ask('GET', `/repos/octo/repo-1/issues?since=${made.updated_at}`);
    expect(((await since.json()) as { number: number }[]).map(({ number }) => number)).to.deep.equal([made.number]);
  });

  it('lets in only its own token', async () => {
    expect((await ask('GET', '/user', undefined, 'ghp_other')).status).to.equal(401);
  });

  it('remembers each request that breaks GitHub’s document', async () => {
    expect((await ask('POST', '/repos/octo/repo-1/issues', { body: 'no title' })).status).to.equal(422);
    expect((await ask('POST', '/repos/octo/repo-1/hooks', { config: { insecure_ssl: [] } })).status).to.equal(422);
    expect((await ask('GET', '/repos/octo/repo-1/issues?state=perhaps')).status).to.equal(422);
    expect((await ask('GET', '/no/such/path')).status).to.equal(404);
    const broken = vendor.violations.splice(0).map((one) => one.split(':')[0]);
    expect(broken).to.deep.equal([
      'issues/create',
      'repos/create-webhook',
      'issues/list-for-repo',
      'GET /no/such/path',
    ]);
  });

  it('signs payloads as GitHub’s documentation shows', () => {
    // docs.github.com, "Validating webhook deliveries": the published test values.
    expect(signature("It's a Secret to Everybody", 'Hello, World!')).to.equal(
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    );
    expect(payloads('push').length).to.be.greaterThan(3);
  });
});
