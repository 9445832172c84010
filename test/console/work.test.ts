import { expect } from 'chai';
import { violations } from './axe.ts';
import { closeBrowser, openWindow, settle, signIn, type Window } from './browser.ts';
import { sharedWholeHost, type WholeHost } from './whole-host.ts';

describe('What people do on the console’s pages', function () {
  this.timeout(120_000);
  let whole: WholeHost;
  let window: Window;
  const api = async (method: string, path: string, body?: unknown) =>
    (await whole.host.request(method, path, body === undefined ? {} : { body })).body.content;
  const open = async (address: string) => {
    await window.page.goto(whole.host.url + address);
    await settle(window.page);
    return window.page;
  };
  /** Presses the button again in the question that it asked, once a reason stands there where one is wanted. */
  const confirm = async (name: string, reason?: string) => {
    const dialog = window.page.getByRole('dialog');
    if (reason) await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
    await dialog.getByRole('button', { name, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  const button = (name: string) => window.page.getByRole('button', { name, exact: true });
  const notes = '/registry/plugins/@acme%2Fnotes';

  before(async () => {
    whole = await sharedWholeHost();
    window = await openWindow();
    await signIn(window, whole.host);
  });
  afterEach(() => {
    expect(window.complaints).to.deep.equal([]);
  });
  after(() => closeBrowser());

  it('shows axe nothing to complain of, in light and dark, wide and on a phone', async () => {
    // A few pages of different kinds in one pass; every page in every language and scheme is among the long rounds.
    const dark = await openWindow({ locale: 'zh-TW', dark: true, width: 390 });
    await dark.context.addCookies(await window.context.cookies());
    const pages: [Window, string][] = [
      [window, '/marketplace'],
      [window, `/plugins/${whole.plugin}?tab=grants`],
      [window, `/webhooks/${whole.webhook}`],
      [dark, '/marketplace/@acme/notes?tab=permissions'],
      [dark, `/integrations/${whole.integration}`],
      [dark, '/reviewers/@acme/notes?version=1.1.0'],
    ];
    const found: string[] = [];
    for (const [{ page }, address] of pages) {
      await page.goto(whole.host.url + address);
      await settle(page);
      found.push(...(await violations(page)).map((one) => `${address}: ${one}`));
    }
    expect(found).to.deep.equal([]);
    expect(dark.complaints).to.deep.equal([]);
    await dark.context.close();
  });

  describe('webhooks', () => {
    it('sends a test, shows attempts with what was sent and answered, and tries again: one, and all since a time', async () => {
      const page = await open(`/webhooks/${whole.webhook}`);
      whole.receiver.fails = false;
      await page.getByRole('textbox', { name: 'Data of the test' }).fill('{"tried":1}');
      await page.getByRole('main').getByRole('button', { name: 'Send a test' }).click();
      await page.getByText(/Delivered: 200 in/).waitFor();
      const failed = async () => (await api('GET', `/webhooks/${whole.webhook}/logs?status=failed`)).total;
      const before = await failed();
      expect(before).to.be.greaterThan(0);
      await page.getByLabel('State').selectOption('failed');
      const entry = page.getByRole('article').filter({ hasText: 'project.created' }).first();
      await entry.getByRole('button', { name: /^Attempts/ }).click();
      await entry.getByText('The answer of the receiver').first().waitFor();
      await entry.getByRole('region', { name: 'Data of the event' }).getByText('The event').waitFor();
      await entry.getByRole('button', { name: 'Try again', exact: true }).click();
      await until(async () => (await failed()) === before - 1);
      await button('Try all failed ones again').click();
      await page.getByText(/^Trying again: /).waitFor();
      await until(async () => (await failed()) === 0);
    });

    it('is switched off and on, renamed, given a new secret, and deleted', async () => {
      const { id } = await api('POST', '/webhooks', {
        ...{ name: 'Passing', url: whole.receiver.url, events: ['project.deleted'] },
      });
      const page = await open(`/webhooks/${id}`);
      await button('Switch off').click();
      await button('Switch on').waitFor();
      expect((await api('GET', `/webhooks/${id}`)).is_active).to.equal(false);
      await button('Switch on').click();
      await button('Switch off').waitFor();
      expect((await api('GET', `/webhooks/${id}`)).is_active).to.equal(true);
      await page.getByRole('textbox', { name: 'Name' }).fill('Renamed');
      await button('Save').click();
      await page.getByText('Saved.').waitFor();
      expect((await api('GET', `/webhooks/${id}`)).name).to.equal('Renamed');
      await button('New secret').click();
      await confirm('New secret');
      await page.getByText(/^whsec_/).waitFor();
      await button('Delete').click();
      await confirm('Delete');
      await page.waitForURL('**/webhooks');
      expect((await whole.host.request('GET', `/webhooks/${id}`)).status).to.equal(404);
    });
  });

  describe('events', () => {
    it('shows the catalogue with schema and sample, and replays an event', async () => {
      const page = await open('/events?tab=types');
      await page.getByRole('searchbox', { name: 'Search types' }).fill('acme');
      await page.getByRole('button', { name: 'Schema and sample of acme.noted' }).click();
      await page.getByRole('region', { name: 'Sample' }).getByText('The sample').waitFor();
      await page.getByRole('tab', { name: 'Recent' }).click();
      const noted = page.getByRole('article').filter({ hasText: 'acme.noted' }).first();
      await noted.getByRole('button', { name: 'Show data' }).click();
      await noted.getByText('The event data').waitFor();
      await noted.getByRole('button', { name: 'Replay' }).click();
      await noted.getByText('Announced again; webhooks that match: 1').waitFor();
    });
  });

  describe('members', () => {
    it('invites, takes back, gives another role, and removes', async () => {
      const page = await open('/members');
      await page.getByRole('textbox', { name: 'E-mail' }).fill('mary@example.com');
      await page.getByLabel('Role', { exact: true }).selectOption('viewer');
      await button('Invite').click();
      const link = (await page.getByText(/\/invitation#token=/).textContent()) ?? '';
      const joined = await whole.host.request('POST', `/invitations/${link.split('=').at(-1)}/accept`, {
        token: null,
        body: { email: 'mary@example.com', password: 'a fine long password', name: 'Mary' },
      });
      expect(joined.status, joined.text).to.equal(201);
      await button('Take back the invitation of grace@example.com').click();
      await button('Take back the invitation of grace@example.com').waitFor({ state: 'detached' });
      expect((await api('GET', '/invitations')).total).to.equal(0);
      await page.reload();
      await page.getByLabel('Role of mary@example.com').selectOption('developer');
      const workspace = (await api('GET', '/auth/me')).workspace_id;
      const roleOf = async () =>
        (await api('GET', `/workspaces/${workspace}/members`)).members.find(
          (one: { email: string }) => one.email === 'mary@example.com',
        )?.role;
      await until(async () => (await roleOf()) === 'developer');
      await page
        .getByRole('row', { name: /mary@example.com/ })
        .getByRole('button', { name: 'Remove' })
        .click();
      await confirm('Remove');
      expect(await roleOf()).to.equal(undefined);
    });

    it('sets the limits of the workspace and shows what is used', async () => {
      const page = await open('/usage');
      await page.getByRole('textbox', { name: 'Requests a day' }).fill('500000');
      await button('Save').click();
      await page.getByText('Saved.').waitFor();
      const workspace = (await api('GET', '/auth/me')).workspace_id;
      expect((await api('GET', `/workspaces/${workspace}`)).limits.requests_per_day).to.equal(500_000);
      await page.getByText(/of 500,000 requests a day/).waitFor();
    });
  });

  describe('audit', () => {
    it('filters, shows before and after, and exports just what is shown', async () => {
      const page = await open('/audit');
      await page.getByRole('textbox', { name: 'Action' }).fill('webhook.*');
      await until(async () => (await page.getByRole('article').filter({ hasNotText: 'webhook.' }).count()) === 0);
      await page.getByRole('article').first().getByRole('button', { name: 'Show changes' }).click();
      await page.getByRole('region', { name: 'After' }).waitFor();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Export as JSON lines' }).click(),
      ]);
      expect(file.suggestedFilename()).to.equal('audit.jsonl');
      let text = '';
      for await (const chunk of await file.createReadStream()) text += chunk;
      const lines = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const { total } = await api('GET', '/audit?action=webhook.*');
      expect(lines).to.have.length(total);
      expect(lines.every(({ action }) => action.startsWith('webhook.'))).to.equal(true);
    });
  });

  describe('authors', () => {
    it('makes a publisher, adds and revokes a key, adds and removes a member', async () => {
      const page = await open('/authors');
      await page.getByRole('textbox', { name: 'Namespace' }).fill('@fresh');
      await page.getByRole('textbox', { name: 'Name to show' }).fill('Fresh');
      await button('Create publisher').click();
      await page.waitForURL('**/authors/@fresh');
      await page.getByRole('textbox', { name: 'Public key' }).fill(whole.keys.public_key);
      await button('Add key').click();
      const keys = async () => (await api('GET', '/registry/publishers/@fresh')).keys;
      await until(async () => (await keys()).length === 1);
      await button('Revoke').click();
      await confirm('Revoke', 'It was lost');
      expect((await keys())[0].revoked_reason).to.equal('It was lost');
      await page.getByRole('textbox', { name: 'E-mail of somebody here' }).fill('nobody@example.com');
      await button('Add').click();
      await page.getByRole('alert').getByText('F40004').waitFor();
      expect(window.complaints.splice(0)).to.have.length(1);
    });

    it('publishes by upload, shows how a package does, deprecates and yanks', async () => {
      const page = await open('/authors/@acme');
      await page.locator('input[type=file]').setInputFiles({
        ...{ name: 'notes.tgz', mimeType: 'application/gzip', buffer: Buffer.from(await whole.release('1.2.0')) },
      });
      await button('Publish').click();
      await page.getByText('@acme/notes 1.2.0 is published').waitFor();
      expect((await api('GET', `${notes}/versions/1.2.0`)).state).to.equal('published');
      await page.locator('input[type=file]').setInputFiles({
        ...{ name: 'broken.tgz', mimeType: 'application/gzip', buffer: Buffer.from('no package') },
      });
      await button('Publish').click();
      await page.getByRole('alert').getByText('F42306').waitFor();
      expect(window.complaints.splice(0)).to.have.length(1);

      await page.getByRole('link', { name: '@acme/notes 1.2.0' }).click();
      await page.getByRole('heading', { name: 'Errors of the last week' }).waitFor();
      await page.getByText('The error').first().waitFor();
      const release = page.getByRole('article').filter({ hasText: '1.2.0' });
      await release.getByRole('button', { name: 'Findings of the review: 1.2.0' }).click();
      await release
        .getByText(/The review found nothing|Mend:/)
        .first()
        .waitFor();
      await release.getByRole('button', { name: 'Deprecate' }).click();
      await confirm('Deprecate', 'Too young');
      expect((await api('GET', `${notes}/versions/1.2.0`)).deprecated.reason).to.equal('Too young');
      await release.getByRole('button', { name: 'Take the advice back' }).click();
      await release.getByRole('button', { name: 'Deprecate' }).waitFor();
      expect((await api('GET', `${notes}/versions/1.2.0`)).deprecated).to.equal(null);
      await release.getByRole('button', { name: 'Withdraw' }).click();
      await confirm('Withdraw', 'Lost a note');
      expect((await api('GET', `${notes}/versions/1.2.0`)).state).to.equal('yanked');
    });
  });

  describe('reviewers', () => {
    it('reads what a release changes, and verifies it with a reason', async () => {
      const page = await open('/reviewers');
      await page.getByRole('link', { name: '@acme/notes 1.1.0' }).click();
      await page.getByRole('heading', { name: 'Changes against 1.0.0' }).waitFor();
      await page.getByRole('region', { name: 'README.md' }).getByText('+ Version 1.1.0.').waitFor();
      await button('Verify').click();
      await confirm('Verify', 'Read every line');
      const release = await api('GET', `${notes}/versions/1.1.0`);
      expect([release.is_verified, release.verified_reason]).to.deep.equal([true, 'Read every line']);
    });

    it('rejects a release, blocks a package everywhere, and lets it run again', async () => {
      const bytes = await whole.release('1.3.0');
      await whole.host.request('POST', '/registry/plugins', { bytes, headers: { 'content-type': 'application/gzip' } });
      await open('/reviewers/@acme/notes?version=1.3.0');
      await button('Reject').click();
      await confirm('Reject', 'It reads too much');
      expect((await api('GET', `${notes}/versions/1.3.0`)).state).to.equal('rejected');
      const isBlocked = async () => (await api('GET', notes)).package.is_blocked;
      await button('Block the package').click();
      await confirm('Block the package', 'It harms');
      expect(await isBlocked()).to.equal(true);
      await button('Lift the block').click();
      await button('Block the package').waitFor();
      expect(await isBlocked()).to.equal(false);
    });
  });

  it('tells how the platform is, and leads a new admin through the first steps', async () => {
    const page = await open('/health');
    await page.getByRole('heading', { name: 'Sandbox processes' }).waitFor();
    await page.getByText('On standby').waitFor();
    await page.getByRole('link', { name: 'First steps' }).click();
    // A plugin, an account, a webhook, a key and a publisher are there, and somebody is invited.
    await page.getByText('Everything is set up').waitFor();
    const { invitations } = await api('GET', '/invitations');
    for (const { id } of invitations) await api('DELETE', `/invitations/${id}`);
    await page.reload();
    await page.getByText('5 of 6 done').waitFor();
    for (const { email, role } of invitations) await api('POST', '/invitations', { email, role });
    await page.getByRole('link', { name: 'Open: Let a program in' }).click();
    await page.waitForURL('**/api-keys');
  });
});

/** Asks until it is so; the suite's timeout is the end of patience. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((done) => setTimeout(done, 50));
}
