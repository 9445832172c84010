import { expect } from 'chai';
import { generateKeys } from '../../sdk/package/index.ts';
import { closeBrowser, openWindow, type Window } from '../console/browser.ts';
import { answer, focused } from '../console/keys.ts';
import { packNotes } from '../console/notes-plugin.ts';
import { signIn, until } from '../console/sign-in.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { type SignInVendor, startSignInVendor } from '../vendors/sign-in-vendor.ts';

const keys = generateKeys();
const member = { email: 'mia@example.com', password: 'a password of the member' };
const author = { email: 'aro@example.com', password: 'a password of the author' };

describe('A plugin’s whole life in the console: an author publishes, an admin decides, a member works', function () {
  this.timeout(600_000);
  let host: RunningHost;
  let vendor: SignInVendor;
  let admin: Window;
  let worker: Window;
  /** The address that the host gives out; the browser must be on it for what comes back from the vendor. */
  let site: string;
  let authorToken: string;
  let plugin: string;
  let integration: string;
  const get = async (path: string) => (await host.request('GET', path)).body.content;
  const publish = async (version: string) => {
    const bytes = await packNotes(vendor.url, version, keys);
    const headers = { 'content-type': 'application/gzip' };
    const answer = await host.request('POST', '/registry/plugins', { bytes, headers, token: authorToken });
    expect(answer.status, answer.text).to.equal(201);
  };
  const installed = () => get(`/plugins/${plugin}`);

  before(async () => {
    host = await startHost({ env: { PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' } });
    site = host.url.replace('127.0.0.1', 'localhost');
    vendor = await startSignInVendor(`${site}/api/v1/auth/notes/callback`);
    for (const { email, password } of [member, author]) {
      const made = await host.request('POST', '/invitations', { body: { email, role: 'developer' } });
      const token = new URL(made.body.content.url).hash.replace(/^#token=/, '');
      await host.request('POST', `/invitations/${token}/accept`, {
        token: null,
        body: { email, password, name: email },
      });
    }
    authorToken = await host.login(author.email, author.password);
    await host.request('POST', '/registry/publishers', {
      token: authorToken,
      body: { name: '@e2e', display_name: 'E2E', public_key: keys.public_key },
    });
    await publish('1.0.0');
    admin = await openWindow();
    worker = await openWindow();
    await signIn(admin, site, host.admin);
    await signIn(worker, site, member);
  });
  afterEach(() => {
    for (const { complaints } of [admin, worker]) expect(complaints).to.deep.equal([]);
  });
  after(async () => {
    await closeBrowser();
    await host?.remove();
    vendor?.close();
  });

  it('is found and inspected', async () => {
    const { page } = admin;
    await page.getByLabel('Category').selectOption('notes');
    await page.getByRole('link', { name: 'Notes', exact: true }).click();
    await page.getByRole('button', { name: 'Picture 1' }).click();
    const picture = page.getByRole('dialog').getByRole('img', { name: 'Picture 1' });
    await picture.waitFor();
    await until(async () =>
      Boolean(
        await picture.evaluate(
          (image: { complete?: boolean; naturalWidth?: number }) => image.complete && image.naturalWidth === 1,
        ),
      ),
    );
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).to.equal('Picture 1');
    await page.getByRole('tab', { name: 'Permissions' }).click();
    await page.getByText('Why: Reads and writes your notes').waitFor();
    await page.getByText('May reach addresses inside private networks').waitFor();
    await page.getByRole('link', { name: 'by @e2e' }).click();
    await page.getByRole('heading', { name: 'E2E', level: 1 }).waitFor();
    await page.getByText(keys.key_id).waitFor();
    await page.getByRole('link', { name: 'Notes', exact: true }).click();
  });

  it('is installed with consent, permission by permission, and configured', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'Install' }).click();
    const install = page.getByRole('button', { name: 'Install with these permissions' });
    await page.getByRole('checkbox', { name: /Reads and writes your notes/ }).check();
    expect(await install.isDisabled(), 'one that it needs is missing').to.equal(true);
    await page.getByRole('checkbox', { name: /Tells when a note was added/ }).check();
    await install.click();
    await page.getByRole('textbox', { name: 'Prefix' }).fill('Memo: ');
    await page.getByRole('textbox', { name: 'Stamp', exact: true }).fill('a secret stamp');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Declined: Run something later').waitFor();
    const [found] = (await get('/plugins?size=100')).plugins.filter(
      ({ name }: { name: string }) => name === '@e2e/notes',
    );
    plugin = found.id;
    expect(found.permissions.map(({ name }: { name: string }) => name)).to.deep.equal(['network', 'events:emit']);
    expect((await get(`/plugins/${plugin}/configuration`)).configuration).to.deep.equal({
      prefix: 'Memo: ',
      stamp: '••••',
    });
  });

  it('gets the workspace’s app at the vendor', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'New integration' }).click();
    await page.getByText(`${site}/api/v1/auth/notes/callback`).waitFor();
    await page.getByRole('textbox', { name: 'Client ID' }).fill(vendor.client.client_id);
    await page.getByRole('textbox', { name: 'Client secret', exact: true }).fill(vendor.client.client_secret);
    await page.getByRole('button', { name: 'Save app' }).click();
    await page.getByText('The workspace signs in with its own app patchbay.').waitFor();
    expect(await get('/integrations/types/notes/oauth-client')).to.include({
      source: 'workspace',
      client_id: 'patchbay',
    });
  });

  it('connects a member’s account in a window of the vendor, which ends by itself', async () => {
    const { page, context } = worker;
    await page.goto(`${site}/integrations/new`);
    await page.getByRole('link', { name: 'Notes', exact: true }).click();
    const opened = context.waitForEvent('page');
    await page.getByRole('button', { name: 'Sign in at the vendor' }).click();
    const popup = await opened;
    await popup.getByRole('textbox', { name: 'Login' }).fill('mia-at-vendor');
    await popup.getByRole('button', { name: 'Sign in' }).click();
    await popup.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(/\/integrations\/int_/);
    integration = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await page.getByRole('cell', { name: 'mia-at-vendor' }).waitFor();
    const made = await get(`/integrations/${integration}`);
    expect(made).to.include({ status: 'active', integration_type: 'notes' });
    expect(made.auth_config.account).to.equal('mia-at-vendor');
    // A browser may keep a window that came back from another site; then it says that it is done.
    const said = popup.getByText('You can close this window');
    await until(async () => popup.isClosed() || said.isVisible().catch(() => popup.isClosed()));
    await popup.close();
  });

  it('syncs with progress as it goes', async () => {
    const { page } = worker;
    let open = () => {};
    vendor.gate = new Promise((resolve) => {
      open = resolve;
    });
    await page.getByRole('tab', { name: 'Sync' }).click();
    await page.getByLabel('What to read').selectOption('full');
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByRole('progressbar').waitFor();
    await page.getByText(/records so far: 5$/).waitFor();
    open();
    await page.getByRole('row').getByText('Succeeded').waitFor();
    const [sync] = (await get(`/integrations/${integration}/sync/logs`)).logs;
    expect(sync.counts).to.include({ read: 8, created: 8 });
    await page.getByRole('tab', { name: 'Records' }).click();
    await page.getByText('8 of 8 records').waitFor();
    await page.getByText('As the vendor says it').click();
    await page.getByText('"title": "Note 1"').waitFor();
  });

  it('runs an action, whose event a webhook delivers', async () => {
    const { page } = worker;
    const hook = await host.request('POST', '/webhooks', {
      body: { name: 'Notes', url: `${vendor.url}/received`, events: ['notes.added'] },
    });
    expect(hook.status, hook.text).to.equal(201);
    await page.getByRole('tab', { name: 'Run an action' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('buy milk');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('"by": "1.0.0"').waitFor();
    expect(vendor.notes.at(-1)).to.equal('Memo: buy milk');
    await until(() => vendor.received.length === 1);
    expect(JSON.parse(vendor.received[0]?.body ?? '')).to.deep.include({
      type: 'notes.added',
      data: { title: 'Memo: buy milk' },
    });
    expect(vendor.received[0]?.headers['webhook-signature']).to.match(/^v1,/);
    await until(async () => (await get(`/webhooks/${hook.body.content.id}/logs`)).logs[0]?.status === 'succeeded');
  });

  it('shows the call’s trace and log', async () => {
    const { page } = worker;
    await page.goto(`${site}/plugins/${plugin}?tab=invocations`);
    await page.getByRole('link', { name: 'actions.add' }).first().click();
    await page.getByRole('row', { name: /fetch.*POST/ }).waitFor();
    await page.getByRole('row', { name: /emit.*notes\.added/ }).waitFor();
    await page.getByText('added a note').waitFor();
  });

  it('gets a new token when somebody asks for one', async () => {
    const { page } = worker;
    await page.goto(`${site}/integrations/${integration}`);
    await page.getByRole('button', { name: 'Get a new token now' }).click();
    await page.getByText('The credentials are new.').waitFor();
    const { logs } = await get(`/integrations/${integration}/logs`);
    expect(logs.map(({ action }: { action: string }) => action)).to.include('refreshed');
  });

  it('is connected anew at the vendor', async () => {
    const { page, context } = worker;
    const before = (await get(`/integrations/${integration}`)).auth_config;
    await page.reload();
    const opened = context.waitForEvent('page');
    await page.getByRole('button', { name: 'Connect anew' }).click();
    // The vendor knows this person still, so that its window comes back by itself.
    const popup = await opened;
    await page.getByText('The credentials are new.').waitFor();
    const now = await get(`/integrations/${integration}`);
    expect(now).to.include({ status: 'active' });
    expect(now.auth_config.account).to.equal(before.account);
    const { logs } = await get(`/integrations/${integration}/logs`);
    expect(logs.filter(({ action }: { action: string }) => action === 'connected')).to.have.length(2);
    await popup.close().catch(() => {});
  });

  it('is upgraded to a release that asks for more, once that is granted', async () => {
    await publish('1.1.0');
    const { page } = admin;
    await page.goto(`${site}/plugins/${plugin}?tab=version`);
    await page.getByText('Version 1.0.0 runs; 1.1.0 is available.').waitFor();
    await page.getByRole('link', { name: 'Plan the upgrade to 1.1.0' }).click();
    const take = page.getByRole('button', { name: 'Upgrade to 1.1.0' });
    await page.getByText('Still needed: Keep small values of its own').waitFor();
    expect(await take.isDisabled()).to.equal(true);
    await page.getByRole('checkbox', { name: /Counts what it added/ }).check();
    await take.click();
    await page.getByText('Version 1.1.0 runs').waitFor();
    const now = await installed();
    expect(now.version).to.equal('1.1.0');
    expect(now.permissions.map(({ name }: { name: string }) => name)).to.include('storage');
    const answer = await host.request('POST', `/integrations/${integration}/actions/add`, {
      body: { input: { title: 'x' } },
    });
    expect(answer.body.content.output.by, answer.text).to.equal('1.1.0');
  });

  it('is rolled back, after asking', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Go back to 1.0.0' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Go back to 1.0.0' }).click();
    await page.getByText('Version 1.0.0 runs').waitFor();
    const now = await installed();
    expect(now.version).to.equal('1.0.0');
    expect(now.permissions.map(({ name }: { name: string }) => name)).to.not.include('storage');
  });

  it('forgets the workspace’s app at the vendor, after asking', async () => {
    const { page } = admin;
    await page.goto(`${site}/integrations/new?type=notes`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).to.equal(`${site}/api/v1/auth/notes/callback`);
    await answer(page, 'Forget this app', undefined, false);
    await page.getByRole('button', { name: 'Change app' }).click();
    await page.getByRole('textbox', { name: 'Client ID' }).fill('another');
    await page.getByRole('textbox', { name: 'Client secret', exact: true }).fill('of another');
    await page.getByRole('button', { name: 'Save app' }).click();
    await page.getByText('The workspace signs in with its own app another.').waitFor();
    expect((await get('/integrations/types/notes/oauth-client')).client_id).to.equal('another');
    await page.getByRole('button', { name: 'Forget this app' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget this app' }).click();
    await page.getByText('Nobody set an app yet.').waitFor();
    expect((await get('/integrations/types/notes/oauth-client')).source).to.equal('none');
  });

  it('leaves all of it in the audit', async () => {
    const { entries } = await get('/audit?size=100');
    const actions = entries.map(({ action }: { action: string }) => action);
    expect(actions).to.include.members([
      ...['plugin.installed', 'plugin.upgraded', 'plugin.rolled_back', 'oauth_client.updated'],
    ]);
  });
});
