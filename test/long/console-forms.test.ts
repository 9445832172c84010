import { expect } from 'chai';
import { closeBrowser, openWindow, settle, signIn, type Window } from '../console/browser.ts';
import { answer, focused, tabTo, unreachable } from '../console/keys.ts';
import { startWholeHost, type WholeHost } from '../console/whole-host.ts';

describe('the console’s longer forms, and every element by keyboard', () => {
  let whole: WholeHost;
  let window: Window;
  const api = async (method: string, path: string) => (await whole.host.request(method, path)).body.content;
  const open = async (address: string) => {
    await window.page.goto(whole.host.url + address);
    await settle(window.page);
    return window.page;
  };
  const confirm = async (name: string) => {
    const dialog = window.page.getByRole('dialog');
    await dialog.getByRole('button', { name, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  const button = (name: string) => window.page.getByRole('button', { name, exact: true });
  before(async () => {
    whole = await startWholeHost();
    window = await openWindow();
    await signIn(window, whole.host);
  });
  after(async () => {
    await closeBrowser();
    await whole.remove();
  });

  it('makes one with types from the catalogue and a preview of what is sent', async () => {
    const page = await open('/webhooks');
    await page.getByRole('link', { name: 'New webhook' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Orders');
    await page.getByRole('textbox', { name: 'Address that receives the events' }).fill(whole.receiver.url);
    await page.getByLabel('Event types').first().fill('project.up');
    await page.getByRole('option', { name: 'project.updated' }).click();
    await page.getByRole('region', { name: 'What is sent for project.updated' }).getByText('"timestamp"').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Retries').selectOption('standard');
    await button('Create webhook').click();
    await page.getByText(/^whsec_/).waitFor();
    await page.getByRole('link', { name: 'Open the webhook' }).click();
    await page.waitForURL(/\/webhooks\/whk_|\/webhooks\/[a-z]+_/);
    const made = await api('GET', `/webhooks/${page.url().split('/').at(-1)}`);
    expect(made).to.deep.include({ name: 'Orders', events: ['project.updated'], is_active: true });
    expect(made.retry_config).to.deep.equal({ schedule: 'standard' });
  });

  it('makes a key with limits for one project, rotates and revokes it', async () => {
    const page = await open('/api-keys');
    await page.getByRole('textbox', { name: 'Name' }).fill('limited');
    await page.getByLabel('Scopes').first().click();
    await page.getByRole('option', { name: 'webhooks:read' }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('Project').selectOption({ label: 'The project' });
    await page.getByRole('textbox', { name: 'Requests an hour' }).fill('100');
    await page.getByLabel('Expires').fill('2099-01-01');
    await page.getByLabel('Only from these addresses').first().fill('127.0.0.0/8');
    await page.keyboard.press('Enter');
    await button('Create key').click();
    const key = (await page.getByText(/^pb_live_\w{20,}/).textContent()) ?? '';
    const find = async () =>
      (await api('GET', '/api-keys')).api_keys.filter((one: { name: string }) => one.name === 'limited');
    const [made] = await find();
    expect(made).to.deep.include({ rate_limit_per_hour: 100, ip_allowlist: ['127.0.0.0/8'] });
    expect(made.project_id).to.be.a('string');
    expect(made.expires_at).to.match(/^(2099-01-01|2098-12-31|2099-01-02)/);
    const row = page.getByRole('row', { name: /limited/ });
    await row.first().getByRole('button', { name: 'Rotate' }).click();
    await confirm('Rotate');
    await until(async () => (await find()).length === 2);
    const next = (await page.getByText(/^pb_live_\w{20,}/).textContent()) ?? '';
    expect(next).to.not.equal(key);
    for (const token of [key, next])
      expect((await whole.host.request('GET', '/webhooks', { token })).status).to.equal(200);
    await row.first().getByRole('button', { name: 'Revoke' }).click();
    await confirm('Revoke');
    await until(async () => (await find()).length === 1);
  });

  it('reaches everything that can be used, on pages of every kind', async () => {
    const { page } = window;
    for (const address of [
      '/marketplace',
      `/webhooks/${whole.webhook}`,
      '/members',
      '/reviewers/@acme/notes?version=1.1.0',
    ]) {
      await page.goto(whole.host.url + address);
      await settle(page);
      expect(await unreachable(page), address).to.deep.equal([]);
    }
  });

  it('skips the menu, and shows where it is', async () => {
    const { page } = window;
    await page.goto(`${whole.host.url}/usage`);
    await settle(page);
    await page.keyboard.press('Tab');
    expect(await focused(page)).to.equal('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).to.equal('main');
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(
      '(() => { const { outlineStyle, boxShadow, borderColor } = getComputedStyle(document.activeElement); return outlineStyle !== "none" || boxShadow !== "none" || borderColor !== ""; })()',
    );
    expect(outline).to.equal(true);
  });

  it('goes from sign-in over an installation and an account to a sync, by keyboard alone', async () => {
    const other = await openWindow();
    const { page } = other;
    const type = async (field: string, text: string) => {
      await tabTo(page, field);
      await page.keyboard.type(text);
    };
    const press = async (name: string | RegExp, key = 'Enter') => {
      await tabTo(page, name);
      await page.keyboard.press(key);
    };
    const headed = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
    await page.goto(`${whole.host.url}/login`);
    await page.getByLabel('E-mail').waitFor();
    await type('E-mail', whole.host.admin.email);
    await type('Password', whole.host.admin.password);
    await page.keyboard.press('Enter');
    await headed('Marketplace');
    // After a change of page the keyboard is at the head of the new one.
    await until(async () => (await focused(page)) === 'Marketplace');
    await type('Search', 'greets');
    await page.getByRole('link', { name: 'Hello', exact: true }).waitFor();
    await press('Hello');
    await headed('Hello');
    await until(async () => (await focused(page)) === 'Hello');
    await page.getByRole('link', { name: 'Install' }).waitFor();
    await press('Install');
    await headed('Install Hello');
    await press(/^Keep small values/, ' ');
    await press('Install with these permissions');
    await page.getByText('Step 2 of 3').waitFor();
    // Tab chooses all that stands in a field.
    await type('Greeting', 'Servus');
    await press('Save');
    await page.getByText('Settings saved').waitFor();
    await press('Open the installed plugin');
    await headed('Hello');
    await type('Name', 'Ada');
    await press('Run');
    await page.getByText('"greeting": "Servus, Ada!"').waitFor();
    await press('Run an action', 'ArrowRight');
    await page.waitForURL('**tab=configuration');
    await page.goto(`${whole.host.url}/marketplace/@patchbay/hello?tab=reviews`);
    await press('0 of 5 stars', 'ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await type('What would you tell others?', 'Three by keys.');
    await press('Publish review');
    await page.getByRole('article').getByText('Three by keys.').waitFor();
    const { reviews } = await api('GET', '/registry/plugins/%40patchbay%2Fhello/reviews');
    expect(reviews.map(({ rating }: { rating: number }) => rating)).to.deep.equal([3]);

    await page.goto(`${whole.host.url}/integrations`);
    await page.getByRole('link', { name: 'New integration' }).waitFor();
    await press('New integration');
    await headed('New integration');
    await press('Meeting notes');
    await page.getByRole('button', { name: 'Connect' }).waitFor();
    await press('Connect');
    // A name is wanted; the browser says so and goes there.
    expect(await focused(page)).to.equal('Name');
    await page.keyboard.type('By keys');
    await press(/access_token|Token/i, 'x');
    await page.keyboard.press('Enter');
    await headed('By keys');
    const path = new URL(page.url()).pathname;
    expect(await api('GET', path)).to.include({ name: 'By keys', status: 'active' });
    await press('Account', 'ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.waitForURL('**tab=sync');
    await press('Sync now');
    await until(async () => (await api('GET', `${path}/sync/logs`)).logs[0]?.status === 'succeeded');
    await press(/^Language/);
    await page.getByRole('menuitem', { name: '繁體中文' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(async () => (await page.evaluate('document.documentElement.lang')) === 'zh-Hant');
    await until(async () => (await focused(page)).includes('繁體中文'));
    expect(other.complaints).to.deep.equal([]);
    await other.context.close();
  });

  it('asks every question by keyboard, gives the keyboard back, and does what was asked', async () => {
    const { plugin, webhook, integration } = whole;
    const ask = async (method: string, path: string, body?: object, token?: null) => {
      const answered = await whole.host.request(method, path, {
        ...(body && { body }),
        ...(token === null && { token }),
      });
      expect(answered.body.code, `${method} ${path} ${answered.text}`).to.match(/^S1/);
      return answered.body.content;
    };
    const isGone = async (path: string) => (await whole.host.request('GET', path)).status === 404;
    const notes = '/registry/plugins/@acme%2Fnotes';
    const release = (version: string) => ask('GET', `${notes}/versions/${version}`);
    const headers = { 'content-type': 'application/gzip' };
    await whole.host.request('POST', '/registry/plugins', { bytes: await whole.release('1.2.0'), headers });
    const permissions = [{ name: 'schedule' }];
    await ask('POST', `/plugins/${plugin}/upgrade`, { version: '1.1.0', permissions });
    // An account that another test of this file connected would keep the plugin from being uninstalled.
    for (const { id } of (await ask('GET', '/integrations')).integrations)
      if (id !== integration) await ask('DELETE', `/integrations/${id}`);
    const { workspace_id } = await ask('GET', '/auth/me');
    const members = async (): Promise<string[]> =>
      (await ask('GET', `/workspaces/${workspace_id}/members`)).members.map(({ email }: { email: string }) => email);
    const { url } = await ask('POST', '/invitations', { email: 'aa@example.com', role: 'viewer' });
    const guest = { email: 'aa@example.com', password: 'a fine long password', name: 'Aa' };
    await ask('POST', `/invitations/${url.split('=').at(-1)}/accept`, guest, null);
    const projects = async () => (await ask('GET', '/projects')).total;
    const apiKeys = async () => (await ask('GET', '/api-keys')).api_keys;
    const [keysBefore, projectsBefore] = [(await apiKeys()).length, await projects()];
    const at = `/plugins/${plugin}`;

    const questions: [address: string, name: string, reason: string | undefined, isDone: () => Promise<boolean>][] = [
      [`${at}?tab=version`, 'Go back to 1.0.0', undefined, async () => (await ask('GET', at)).version === '1.0.0'],
      [
        ...([`${at}?tab=configuration`, 'Forget these settings', undefined] as const),
        async () => (await ask('GET', `${at}/configuration`)).revision === 0,
      ],
      [
        ...([`/webhooks/${webhook}`, 'New secret', undefined] as const),
        async () => (await ask('GET', '/audit?action=webhook.secret_rotated')).total === 1,
      ],
      [`/webhooks/${webhook}`, 'Delete', undefined, () => isGone(`/webhooks/${webhook}`)],
      ['/api-keys', 'Rotate', undefined, async () => (await apiKeys()).length === keysBefore + 1],
      ['/api-keys', 'Revoke', undefined, async () => (await apiKeys()).length === keysBefore],
      ['/members', 'Remove', undefined, async () => !(await members()).includes(guest.email)],
      [
        ...([`/integrations/${integration}`, 'Take the token back', undefined] as const),
        async () => (await ask('GET', `/integrations/${integration}`)).status === 'pending_setup',
      ],
      [
        ...([`/integrations/${integration}?tab=delete`, 'Delete', undefined] as const),
        () => isGone(`/integrations/${integration}`),
      ],
      // The first that can be: the default project stays.
      ['/projects', 'Delete', undefined, async () => (await projects()) === projectsBefore - 1],
      [
        ...(['/authors/@acme/notes', 'Deprecate', 'Too old'] as const),
        async () => (await release('1.2.0')).deprecated?.reason === 'Too old',
      ],
      ['/authors/@acme/notes', 'Withdraw', 'Lost one', async () => (await release('1.2.0')).state === 'yanked'],
      [
        ...(['/reviewers/@acme/notes?version=1.1.0', 'Verify', 'Read it'] as const),
        async () => (await release('1.1.0')).verified_reason === 'Read it',
      ],
      [
        ...(['/reviewers/@acme/notes?version=1.1.0', 'Reject', 'Reads on'] as const),
        async () => (await release('1.1.0')).state === 'rejected',
      ],
      [
        ...(['/reviewers/@acme/notes?version=1.1.0', 'Block the package', 'It harms'] as const),
        async () => (await ask('GET', notes)).package.is_blocked,
      ],
      [
        ...(['/authors/@acme', 'Revoke', 'It was lost'] as const),
        async () => (await ask('GET', '/registry/publishers/@acme')).keys[0].revoked_reason === 'It was lost',
      ],
      [`${at}?tab=uninstall`, 'Uninstall', undefined, () => isGone(at)],
    ];
    for (const [address, name, reason, isDone] of questions) {
      const page = await open(address);
      await page.getByRole('button', { name, exact: true }).first().waitFor();
      // The first member is the only owner, who stays.
      if (name === 'Remove') await tabTo(page, `Role of ${guest.email}`);
      // A tab is called like the button on it.
      if (/tab=(delete|uninstall)/.test(address)) await tabTo(page, name);
      await answer(page, name, reason);
      await until(isDone);
    }
    expect(window.complaints.splice(0)).to.deep.equal([]);
  });
});

/** Asks until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((done) => setTimeout(done, 50));
}
