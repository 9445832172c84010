import { expect } from 'chai';
import { accepts } from '../../sdk/contract/accepts.ts';
import { models } from '../../sdk/contract/models.ts';
import { type GitHubMock, payloads, startGitHub } from '../vendors/github.ts';
import { type RunningPlugin, runPlugin } from './run-plugin.ts';

interface Batch {
  upserts?: { raw: { full_name?: string; number: number; title: string }; model: Record<string, unknown> }[];
  cursor?: { since?: string; until?: string; page?: string } | null;
  covers?: unknown;
}
interface Received {
  events?: { type: string; data: Record<string, unknown> }[];
}

describe('The GitHub plugin', () => {
  let vendor: GitHubMock;
  let github: RunningPlugin;
  const start = (config: object = {}) =>
    runPlugin('github', {
      base_url: vendor.url,
      headers: { authorization: `Bearer ${vendor.token}` },
      config: { api_url: vendor.url, web_url: vendor.url, repositories: [], ...config },
    });
  const parent = { key: 'octo/repo-1', record: { full_name: 'octo/repo-1', id: 1000 } };
  const numbers = (batches: Batch[]) => batches.flatMap((batch) => (batch.upserts ?? []).map(({ raw }) => raw.number));

  before(async () => {
    vendor = await startGitHub({ repositories: 130, issues: 230, pull_requests: 120 });
    github = await start();
  });
  afterEach(() => {
    // Every request of every test was held against GitHub's own OpenAPI document.
    expect(vendor.violations).to.deep.equal([]);
  });
  after(async () => {
    await github.stop();
    await vendor.stop();
  });

  it('says whose token it is', async () => {
    expect(await github.call('test')).to.deep.equal({ account: 'octo' });
  });

  it('says in GitHub’s words why a token is refused', async () => {
    const stranger = await runPlugin('github', { base_url: vendor.url, config: { repositories: [] } });
    try {
      const error = await stranger.call('test').then(
        () => null,
        (thrown: Error) => thrown,
      );
      expect(error).to.include({ name: 'VendorError' });
      expect(error?.message).to.match(/401: Bad credentials/);
    } finally {
      await stranger.stop();
    }
  });

  it('lists the issues of a repository without its pull requests, and says that there are more', async () => {
    type Listed = { issues: { number: number; title: string }[]; more: boolean };
    const few = await github.call<Listed>('actions.list_issues', { repository: 'octo/repo-1', limit: 3 });
    expect(few.issues).to.have.length(3);
    expect(few.more).to.equal(true);
    const many = await github.call<Listed>('actions.list_issues', { repository: 'octo/repo-1', limit: 100 });
    expect(many.issues.some(({ title }) => title.startsWith('Pull'))).to.equal(false);
    expect(many.issues.length, 'as many as fit the megabyte that a call may receive').to.be.within(20, 100);
    expect(many.more).to.equal(true);
    const changed = await github.call<Listed>('actions.list_issues', {
      repository: 'octo/repo-1',
      state: 'all',
      since: vendor.issues[223]?.updated_at,
    });
    expect(changed.issues.map(({ number }) => number)).to.deep.equal([230, 229, 228, 227, 226, 225, 224]);
    expect(changed.more).to.equal(false);
  });

  it('creates an issue, which GitHub then has', async () => {
    const made = await github.call<{ number: number; url: string; labels: string[] }>('actions.create_issue', {
      repository: 'octo/repo-1',
      title: 'It broke',
      body: 'Badly',
      labels: ['bug'],
    });
    expect(made.labels).to.deep.equal(['bug']);
    expect(vendor.issues.find((issue) => issue.number === made.number)).to.include({
      title: 'It broke',
      body: 'Badly',
    });
  });

  it('comments on an issue', async () => {
    const made = await github.call<{ id: string }>('actions.comment_issue', {
      repository: 'octo/repo-1',
      number: 1,
      body: 'Same here',
    });
    expect(vendor.comments.find((comment) => String(comment.id) === made.id)).to.include({ body: 'Same here' });
  });

  it('tells a repository that is not there from one that refuses', async () => {
    const error = await github.call('actions.create_issue', { repository: 'octo/nowhere', title: 'x' }).then(
      () => null,
      (thrown: Error) => thrown,
    );
    expect(error).to.include({ name: 'Gone' });
  });

  it('pulls every repository page by page, each as a record of the unified model', async () => {
    const batches = await github.pull<Batch>('repositories', { cursor: null, mode: 'full' });
    expect(batches).to.have.length(2);
    expect(batches.flatMap((batch) => batch.upserts ?? [])).to.have.length(130);
    expect(batches[0]?.cursor).to.have.property('page');
    expect(batches[1]).to.include({ cursor: null, covers: 'all' });
    const checked = accepts(models.repository)(batches[0]?.upserts?.[0]?.model);
    expect(checked.ok, JSON.stringify(checked)).to.equal(true);
  });

  it('pulls only the repositories that the settings name, each once', async () => {
    const narrow = await start({ repository: 'octo/repo-7', repositories: ['octo/repo-7', 'octo/repo-9'] });
    try {
      const batches = await narrow.pull<Batch>('repositories', { cursor: null, mode: 'full' });
      expect(batches.flatMap((batch) => batch.upserts ?? []).map(({ raw }) => raw.full_name)).to.deep.equal([
        'octo/repo-7',
        'octo/repo-9',
      ]);
    } finally {
      await narrow.stop();
    }
  });

  it('pulls all issues once and drops pull requests', async () => {
    const batches = await github.pull<Batch>('issues', { cursor: null, mode: 'full', parent });
    const wanted = vendor.issues.filter((issue) => !issue.pull_request).map((issue) => issue.number);
    expect([...new Set(numbers(batches))].sort((a, b) => a - b)).to.deep.equal(wanted);
    const checked = accepts(models.issue)(batches[0]?.upserts?.[0]?.model);
    expect(checked.ok, JSON.stringify(checked)).to.equal(true);
  });

  it('goes on from the cursor and sees what changed since, and no more than the last one again', async () => {
    const first = await github.pull<Batch>('issues', { cursor: null, mode: 'full', parent });
    vendor.touch(5, { title: 'Changed later', state: 'closed' });
    const second = await github.pull<Batch>('issues', { cursor: first.at(-1)?.cursor, mode: 'incremental', parent });
    expect(numbers(second)).to.include(5);
    expect(numbers(second).length).to.be.at.most(2);
  });

  it('loses no issue that is pushed over the edge of a page by another that changes meanwhile', async () => {
    const cut = (await github.pull<Batch>('issues', { cursor: null, mode: 'full', parent }))[0];
    // The first of the page that was read moves to the end: by number, page 2 would now begin one issue later.
    const moved = cut?.upserts?.[0]?.raw.number ?? 0;
    vendor.touch(moved, { title: 'Moved' });
    const rest = await github.pull<Batch>('issues', { cursor: cut?.cursor, mode: 'full', parent });
    const seen = new Set([...numbers(cut ? [cut] : []), ...numbers(rest)]);
    const wanted = vendor.issues.filter((issue) => !issue.pull_request).map((issue) => issue.number);
    expect(wanted.filter((number) => !seen.has(number))).to.deep.equal([]);
  });

  it('pulls pull requests newest first and stops at what it knows', async () => {
    const first = await github.pull<Batch>('pull_requests', { cursor: null, mode: 'full', parent });
    expect(numbers(first)).to.have.length(120);
    const checked = accepts(models.pull_request)(first[0]?.upserts?.[0]?.model);
    expect(checked.ok, JSON.stringify(checked)).to.equal(true);
    const before = vendor.exchanges.length;
    await github.pull<Batch>('pull_requests', { cursor: first.at(-1)?.cursor, mode: 'incremental', parent });
    expect(vendor.exchanges.length - before).to.equal(1);
  });

  it('makes a webhook, finds it, removes it, and finds it gone', async () => {
    const subscription = await github.call<{ id: string }>('triggers.events.subscribe', {
      url: 'https://patchbay.example/hooks/1',
      secret: 'placeholder',
      parent: 'octo/repo-1',
    });
    expect(vendor.hooks).to.have.length(1);
    expect(await github.call('triggers.events.check', subscription)).to.equal(true);
    await github.call('triggers.events.unsubscribe', subscription);
    expect(vendor.hooks).to.have.length(0);
    expect(await github.call('triggers.events.check', subscription)).to.equal(false);
  });

  describe('given GitHub’s own example payloads', () => {
    const names = [
      ...['push', 'issues', 'issue_comment', 'pull_request', 'pull_request_review', 'release', 'workflow_run'],
      'repository',
    ];
    for (const name of names) {
      it(`turns every ${name} payload into a github.${name} event that fits its schema`, async () => {
        const declared = (github.manifest.events as Record<string, { schema: object }>)[`github.${name}`];
        const check = accepts(declared?.schema ?? {});
        const examples = payloads(name);
        expect(examples).to.not.be.empty;
        for (const body of examples) {
          const request = { method: 'POST', headers: { 'x-github-event': name }, query: {}, body, text: '' };
          const { events = [] } = await github.call<Received>('triggers.events.receive', request);
          expect(events.map((event) => event.type)).to.deep.equal([`github.${name}`]);
          const checked = check(events[0]?.data);
          expect(checked.ok, JSON.stringify(checked)).to.equal(true);
        }
      });
    }

    it('leaves what it declares no event for', async () => {
      const request = {
        method: 'POST',
        headers: { 'x-github-event': 'star' },
        query: {},
        body: payloads('star')[0],
        text: '',
      };
      expect(await github.call('triggers.events.receive', request)).to.deep.equal({});
    });

    it('makes events only of the kinds and of the branch that the settings name', async () => {
      const narrow = await start({ branch: 'master', webhook_events: ['push', 'workflow_run'] });
      try {
        const receive = async (name: string, body: object) => {
          const request = { method: 'POST', headers: { 'x-github-event': name }, query: {}, body, text: '' };
          return (await narrow.call<Received>('triggers.events.receive', request)).events?.length ?? 0;
        };
        const push = payloads('push')[0] as object;
        expect(await receive('push', { ...push, ref: 'refs/heads/master' })).to.equal(1);
        expect(await receive('push', { ...push, ref: 'refs/heads/main' })).to.equal(0);
        expect(await receive('push', { ...push, ref: 'refs/tags/master' })).to.equal(0);
        const [run] = payloads('workflow_run') as { workflow_run: object }[];
        const on = (head_branch: string) => ({ ...run, workflow_run: { ...run?.workflow_run, head_branch } });
        expect(await receive('workflow_run', on('master'))).to.equal(1);
        expect(await receive('workflow_run', on('other'))).to.equal(0);
        expect(await receive('issues', payloads('issues')[0] as object)).to.equal(0);
      } finally {
        await narrow.stop();
      }
    });
  });

  it('has a sample of each event that fits its schema', () => {
    for (const [type, { schema, sample }] of Object.entries(
      github.manifest.events as Record<string, { schema: object; sample: unknown }>,
    ))
      expect(accepts(schema)(sample), type).to.have.property('ok', true);
  });
});
