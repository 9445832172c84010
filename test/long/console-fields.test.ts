import { expect } from 'chai';
import { totpCode, totpStep } from '../../core/access/totp.ts';
import { closeBrowser, openWindow, settle, signIn, type Window } from '../console/browser.ts';
import { until } from '../console/sign-in.ts';
import { startWholeHost, type WholeHost } from '../console/whole-host.ts';

describe('Every field, filter, link and download of the console, held against the API', function () {
  this.timeout(900_000);
  let whole: WholeHost;
  let window: Window;
  const ask = async (method: string, path: string, body?: object, token?: null) => {
    const answer = await whole.host.request(method, path, { ...(body && { body }), ...(token === null && { token }) });
    expect(answer.body.code, `${method} ${path} ${answer.text}`).to.match(/^S1/);
    return answer.body.content;
  };
  const get = (path: string) => ask('GET', path);
  const open = async (address: string, { page } = window) => {
    await page.goto(whole.host.url + address);
    await settle(page);
    return page;
  };
  const button = (name: string) => window.page.getByRole('button', { name, exact: true });
  const field = (name: string) => window.page.getByRole('textbox', { name, exact: true });
  const articles = () => window.page.getByRole('article');
  const clipboard = () => window.page.evaluate<string>('navigator.clipboard.readText()');
  /** Presses the first button that copies, and tells what is in the clipboard then. */
  const copied = async () => {
    await button('Copy').first().click();
    await button('Copied').waitFor();
    return clipboard();
  };

  before(async () => {
    whole = await startWholeHost();
    window = await openWindow();
    await signIn(window, whole.host);
    await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  afterEach(() => {
    expect(window.complaints.splice(0)).to.deep.equal([]);
  });
  after(async () => {
    await closeBrowser();
    await whole.remove();
  });

  it('leads by every link of every page to a page that is there', async () => {
    const { page } = window;
    const followed = new Set<string>();
    for (const [name, address] of whole.addresses) {
      await open(address);
      const links = page.locator('main a[href^="/"]:not([download])');
      const targets = await links.evaluateAll((all) => all.map((one: any) => one.getAttribute('href')));
      for (const [place, target] of targets.entries()) {
        // One of a kind: the lists' lines lead to places of one sort.
        const kind = `${name} ${target.replaceAll(/[a-z]+_\w{10,}|@[\w-]+\/[\w-]+/g, ':')}`;
        if (followed.has(kind)) continue;
        followed.add(kind);
        await links.nth(place).click();
        await page.waitForURL((url) => url.pathname + url.search === target);
        await settle(page);
        expect(await page.getByRole('heading', { level: 1 }).textContent(), `${name} to ${target}`).to.not.match(
          /There is no|not found/i,
        );
        await page.goBack();
        await links.nth(place).waitFor();
      }
    }
    expect(followed.size).to.be.greaterThan(60);
  });

  it('leads outside only in a window of its own, and to the documents of the host', async () => {
    const page = await open('/marketplace/@patchbay/github');
    const outside = page.locator('main a[target="_blank"]');
    for (const link of await outside.all()) expect(await link.getAttribute('rel')).to.contain('noopener');
    await page.getByRole('link', { name: 'API documentation' }).click();
    await page.waitForURL('**/docs');
    await open('/usage');
    await page.getByRole('link', { name: 'Patchbay' }).click();
    await page.waitForURL('**/marketplace');
  });

  it('shows by every tab what it is called', async () => {
    const { page } = window;
    const { plugin, integration } = whole;
    for (const address of [
      ...['/marketplace/@acme/notes', `/plugins/${plugin}`, `/integrations/${integration}`, '/events'],
    ]) {
      await open(address);
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        expect(await tab.getAttribute('aria-selected')).to.equal('true');
        await settle(page);
        const panel = page.getByRole('tabpanel');
        await panel.waitFor();
        expect(await panel.getAttribute('aria-labelledby')).to.equal(await tab.getAttribute('id'));
        await until(async () => ((await panel.textContent()) ?? '').trim() !== '');
      }
    }
  });

  it('narrows the marketplace by way of signing in and by permission, and its field follows the address', async () => {
    const page = await open('/marketplace');
    const { facets } = await get('/plugins/marketplace');
    for (const [label, name] of [
      ['Way of signing in', 'auth_type'],
      ['Asks for', 'permission'],
      ['Category', 'category'],
    ] as const) {
      const [value = ''] = Object.keys(facets[name]);
      await page.getByLabel(label).selectOption(value);
      const { total } = await get(`/plugins/marketplace?${name}=${value}`);
      await page.getByText(`Plugins: ${total}`, { exact: true }).waitFor();
      await page.getByLabel(label).selectOption('');
    }
    for (const sort of ['rating', 'downloads', 'updated_at', 'name']) {
      await page.getByLabel('Sort by').selectOption(sort);
      const { plugins } = await get(`/plugins/marketplace?sort_by=${sort}`);
      await until(async () => (await articles().first().textContent())?.includes(plugins[0].name) ?? false);
    }
    await page.getByRole('searchbox', { name: 'Search' }).fill('meeting');
    await page.waitForURL('**search=meeting**');
    await page.locator('nav a[href="/marketplace"]').click();
    await page.waitForURL('**/marketplace');
    await until(async () => (await page.getByRole('searchbox', { name: 'Search' }).inputValue()) === '');
    const { total } = await get('/plugins/marketplace');
    await page.getByText(`Plugins: ${total}`, { exact: true }).waitFor();
    await page.goBack();
    await until(async () => (await page.getByRole('searchbox', { name: 'Search' }).inputValue()) === 'meeting');
  });

  it('plans an upgrade to the version that was chosen, and shows the settings of the project that was', async () => {
    const headers = { 'content-type': 'application/gzip' };
    await whole.host.request('POST', '/registry/plugins', { bytes: await whole.release('1.2.0'), headers });
    const page = await open(`/plugins/${whole.plugin}/upgrade`);
    await page.getByRole('button', { name: 'Upgrade to 1.2.0' }).waitFor();
    await page.getByLabel('Version', { exact: true }).selectOption('1.1.0');
    await page.getByRole('button', { name: 'Change to version 1.1.0' }).waitFor();
    await page.getByText('1.0.0 → 1.1.0').waitFor();
    await open(`/plugins/${whole.plugin}?tab=configuration`);
    await page.getByLabel('Whose settings').selectOption({ label: 'Project The project' });
    await page.getByText('This project says nothing of its own yet').waitFor();
    await page.getByLabel('Whose settings').selectOption('');
    await page.getByRole('status').getByText('Revision 1').waitFor();
  });

  it('exports just the records that are shown, and reads the streams that were chosen', async () => {
    const path = `/integrations/${whole.integration}`;
    const page = await open(`${path}?tab=records`);
    await page.getByText('1 of 1 records').waitFor();
    await page.getByLabel('Stream', { exact: true }).selectOption('notes');
    await page.waitForURL('**stream=notes**');
    await page.getByText('As the vendor says it').click();
    await page.getByText('"title": "The record"').waitFor();
    for (const [name, ending] of [
      ['Export JSON lines', 'jsonl'],
      ['Export CSV', 'csv'],
    ] as const) {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name, exact: true }).click(),
      ]);
      expect(file.suggestedFilename()).to.equal(`records.${ending}`);
      let text = '';
      for await (const chunk of await file.createReadStream()) text += chunk;
      expect(text.trim().split('\n')).to.have.length(ending === 'csv' ? 2 : 1);
      expect(text).to.contain('The record');
    }
    await page.getByText('Unified', { exact: true }).click();
    await page.getByText('This stream has no unified model').waitFor();
    await page.getByLabel('Deleted ones').selectOption('true');
    await page.getByText('1 of 1 records').waitFor();

    await open(`${path}?tab=sync`);
    await page.getByRole('checkbox', { name: /The stream/ }).uncheck();
    await page.getByLabel('How often').selectOption('daily');
    await button('Save schedule').click();
    await page.getByText('Saved.').waitFor();
    expect((await get(path)).sync_settings)
      .to.include({ sync_interval: 'daily' })
      .and.deep.include({ streams: [] });
    await page.getByRole('checkbox', { name: /The stream/ }).check();
    await button('Save schedule').click();
    await until(async () => (await get(path)).sync_settings.streams.length === 1);

    await open(path);
    await button('Replace credentials').click();
    await field('Access token').fill('of another');
    await button('Cancel').click();
    await button('Replace credentials').waitFor();
    await open('/integrations/new');
    await page.getByRole('searchbox', { name: /Search/ }).fill('meeting');
    await until(async () => (await page.getByRole('link', { name: 'GitHub', exact: true }).count()) === 0);
    await page.getByRole('link', { name: 'Meeting notes', exact: true }).click();
    const project = (await get('/projects')).projects.find(({ name }: { name: string }) => name === 'The project');
    await page.getByLabel('Project').selectOption(project.id);
    await field('Name').fill('Of a project');
    await field('Access token').fill('x');
    await button('Connect').click();
    await page.waitForURL(/\/integrations\/int_/);
    expect((await get(new URL(page.url()).pathname)).project_id).to.equal(project.id);
  });

  it('makes a webhook with everything that can be said of one, and changes all of it', async () => {
    const page = await open('/webhooks/new');
    const { projects } = await get('/projects');
    await page.getByLabel('Project').selectOption(projects[1].id);
    await field('Name').fill('All of it');
    await field('Address that receives the events').fill(whole.receiver.url);
    await page.getByLabel('Event types').first().fill('project.del');
    await page.getByRole('option', { name: 'project.deleted' }).click();
    await page.keyboard.press('Escape');
    await field('Seconds for one attempt').fill('12');
    await field('Keep order by').fill('/id');
    await button('Create webhook').click();
    await page.getByText(/^whsec_/).waitFor();
    expect(await copied()).to.match(/^whsec_/);
    await page.getByRole('link', { name: 'Open the webhook' }).click();
    await page.waitForURL(/\/webhooks\/[a-z]+_/);
    const path = new URL(page.url()).pathname;
    const made = await get(path);
    expect(made).to.include({ name: 'All of it', timeout_seconds: 12, order_key: '/id', project_id: projects[1].id });
    // Below, in the form that changes it.
    await field('Name').fill('None of it');
    await field('Address that receives the events').fill(`${whole.receiver.url}/changed`);
    await page.getByLabel('Event types').first().press('Backspace');
    await page.getByLabel('Event types').first().fill('project.up');
    await page.getByRole('option', { name: 'project.updated' }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('Retries').selectOption('standard');
    await field('Seconds for one attempt').fill('13');
    await field('Keep order by').fill('/name');
    await button('Save').click();
    await page.getByText('Saved.').waitFor();
    expect(await get(path)).to.deep.include({
      ...{ name: 'None of it', url: `${whole.receiver.url}/changed`, events: ['project.updated'] },
      ...{ timeout_seconds: 13, order_key: '/name', retry_config: { schedule: 'standard' } },
    });
  });

  it('turns the pages of every list that has some', async () => {
    const { page } = window;
    // Else the webhook is switched off before it has two pages.
    whole.receiver.fails = false;
    for (let count = 0; count < 25; count++) {
      await ask('POST', '/webhooks/events/project.created', { id: `p${count}`, name: 'Another' });
      await ask('POST', `/plugins/${whole.plugin}/actions/note`, { input: { title: `n${count}` } });
      await ask('POST', '/api-keys', { name: `k${count}`, scopes: ['plugins:read'] });
    }
    const lists: [address: string, path: string, list: string, shown: (one: any) => string][] = [
      ['/audit', '/audit?page=2', 'entries', ({ id }) => id],
      ['/events', '/events?page=2', 'events', ({ id }) => id],
      [`/webhooks/${whole.webhook}`, `/webhooks/${whole.webhook}/logs?page=2`, 'logs', ({ id }) => id],
      ['/api-keys', '/api-keys?page=2', 'api_keys', ({ name }) => name],
    ];
    for (const [address, path, list, shown] of lists) {
      await open(address);
      await page.getByRole('button', { name: 'Next page' }).click();
      await page.waitForURL('**page=2**');
      const { [list]: all } = await get(path);
      await page.getByRole('main').getByText(shown(all[0])).first().waitFor();
      await page.getByRole('button', { name: 'Previous page' }).click();
      await page.waitForURL((url) => !url.searchParams.has('page'));
      await page.getByRole('button', { name: 'Page 2', exact: true }).click();
      await page.waitForURL('**page=2**');
    }
    await open(`/plugins/${whole.plugin}?tab=invocations`);
    await page.getByRole('button', { name: 'Next page' }).click();
    const { invocations } = await get(`/plugins/${whole.plugin}/invocations?page=2`);
    await page.locator(`a[href="/invocations/${invocations[0].id}"]`).waitFor();
  });

  it('shows and hides again what is closed at first, and lets go of a filter', async () => {
    const page = await open('/events');
    await button('Show data').first().click();
    await button('Hide data').click();
    await button('Hide data').waitFor({ state: 'detached' });
    await page.getByLabel('Event type').first().fill('acme');
    await page.getByRole('option', { name: 'acme.noted' }).click();
    await page.waitForURL('**type=acme.noted**');
    // For a hand only: by keyboard one chooses the same type again.
    await page.locator('button[aria-label="All types"]').click();
    await page.waitForURL((url) => !url.searchParams.has('type'));
    await open('/audit');
    await button('Show changes').first().click();
    await button('Hide changes').click();
    const { total } = await get(`/audit?actor=${encodeURIComponent('nobody@example.com')}`);
    expect(total).to.equal(0);
    await field('Who').fill('nobody@example.com');
    await page.getByText('Nothing of that kind was done').waitFor();
    await field('Who').fill(whole.host.admin.email);
    await articles().first().waitFor();
    await page.getByLabel('To', { exact: true }).fill('2001-01-01T00:00');
    await page.getByText('Nothing of that kind was done').waitFor();
    await page.locator('nav a[href="/audit"]').click();
    await articles().first().waitFor();
    expect(await field('Who').inputValue()).to.equal('');
    expect(await page.getByLabel('To', { exact: true }).inputValue()).to.equal('');
  });

  it('tries again only what failed since the time that was chosen', async () => {
    const page = await open(`/webhooks/${whole.webhook}`);
    await page.getByLabel('Failed since').fill('2099-01-01T00:00');
    await button('Try all failed ones again').click();
    await page.getByText('Trying again: 0').waitFor();
    await field('Data of the test').fill('{');
    expect(await page.getByRole('main').getByRole('button', { name: 'Send a test' }).isDisabled()).to.equal(true);
  });

  it('limits a key by the day, limits a workspace by the hour, and copies what is shown once', async () => {
    const page = await open('/api-keys');
    await field('Name').fill('daily');
    await page.getByLabel('Scopes').first().click();
    await page.getByRole('option', { name: 'admin', exact: true }).click();
    await page.getByRole('option', { name: 'records:read' }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('Scopes').first().press('Backspace');
    await field('Requests a day').fill('77');
    await button('Create key').click();
    const key = (await page.getByText(/^pb_live_\w{20,}/).textContent()) ?? '';
    expect(await copied()).to.equal(key);
    const made = (await get('/api-keys?size=100')).api_keys.find(({ name }: { name: string }) => name === 'daily');
    expect(made)
      .to.include({ rate_limit_per_day: 77 })
      .and.deep.include({ scopes: ['admin'] });
    await open('/usage');
    await field('Requests an hour').fill('4321');
    await button('Save').click();
    await page.getByText('Saved.').waitFor();
    const { workspace_id } = await get('/auth/me');
    expect((await get(`/workspaces/${workspace_id}`)).limits.requests_per_hour).to.equal(4321);
    await open('/members');
    await field('E-mail').fill('copied@example.com');
    await button('Invite').click();
    await page.getByText(/\/invitation#token=/).waitFor();
    expect(await copied()).to.match(/\/invitation#token=\S+$/);
  });

  it('leaves a project and a publisher as they were when somebody thinks better of it', async () => {
    const page = await open('/projects');
    await button('Rename The project').click();
    await page.getByRole('textbox', { name: 'New name of The project' }).fill('Another');
    await button('Cancel').click();
    await button('Rename The project').waitFor();
    await page
      .getByRole('row', { name: /The project/ })
      .getByRole('button', { name: 'Delete' })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await get('/projects')).projects.map(({ name }: { name: string }) => name)).to.include('The project');
    await open('/authors');
    await field('Namespace').fill('@keyed');
    await field('Public key').fill(whole.keys.public_key);
    await button('Create publisher').click();
    await page.waitForURL('**/authors/@keyed');
    expect((await get('/registry/publishers/@keyed')).keys).to.have.length(1);
  });

  it('changes a password, ends sessions, and signs in with a one-time code, in the language and colours chosen there', async () => {
    const person = { email: 'toto@example.com', password: 'a fine long password' };
    const { url } = await ask('POST', '/invitations', { email: person.email, role: 'viewer' });
    const other = await openWindow();
    const { page } = other;
    await page.goto(url.replace(/^https?:\/\/[^/]+/, whole.host.url));
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(person.password);
    await page.getByRole('button', { name: 'Show what you type in Password' }).press('Enter');
    expect(await page.getByRole('textbox', { name: 'Password', exact: true }).getAttribute('type')).to.equal('text');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.waitForURL('**/marketplace');
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await page.waitForURL('**/account');
    const fill = (name: string, text: string) => page.getByRole('textbox', { name, exact: true }).first().fill(text);
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const signedIn = async (password: string, more = {}) =>
      (await whole.host.request('POST', '/auth/login', { token: null, body: { ...person, password, ...more } })).body;

    const old = person.password;
    person.password = 'another fine password';
    const elsewhere = await whole.host.login(person.email, old);
    await fill('Present password', old);
    await fill('New password', person.password);
    await fill('New password again', 'not the same at all');
    await page.getByText('The two passwords differ').waitFor();
    await fill('New password again', person.password);
    await press('Change password');
    await page.getByText('Your password is changed').waitFor();
    expect((await signedIn(old)).code).to.match(/^F/);
    expect((await whole.host.request('GET', '/auth/me', { token: elsewhere })).status).to.equal(401);

    const [first, second] = [await signedIn(person.password), await signedIn(person.password)];
    await page.reload();
    const ends = page.getByRole('button', { name: /^Sign out there: API/ });
    await until(async () => (await ends.count()) === 2);
    const live = async (answer: typeof first) =>
      (await whole.host.request('GET', '/auth/me', { token: answer.content.access_token })).status === 200;
    await ends.first().click();
    await until(async () => (await ends.count()) === 1);
    expect([await live(first), await live(second)].filter(Boolean)).to.have.length(1);
    await press('Sign out everywhere else');
    await until(async () => (await ends.count()) === 0);
    expect([await live(first), await live(second)]).to.deep.equal([false, false]);

    await press('Set up an authenticator app');
    const secret = (await page.locator('main code').first().textContent()) ?? '';
    await other.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await press('Copy');
    await press('Copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).to.equal(secret);
    const link = page.getByRole('link', { name: 'Open it in an app on this device' });
    expect(await link.getAttribute('href')).to.match(/^otpauth:/);
    const step = totpStep(Date.now());
    await fill('Code', totpCode(secret, step - 1));
    await press('Ask for codes from now on');
    await page.getByText('Recovery codes, shown once').waitFor();
    await press('Copy');
    await press('Copied');
    const recovery = String(await page.evaluate('navigator.clipboard.readText()')).split(' ');
    expect(recovery).to.have.length(10);
    expect((await signedIn(person.password)).content).to.deep.equal({ reason: 'totp_required' });
    await other.context.clearCookies();
    await page.goto(`${whole.host.url}/login`);
    await page.getByRole('button', { name: /^Language/ }).click();
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    await page.getByRole('button', { name: '深色模式' }).click();
    expect(await page.evaluate('document.documentElement.dataset.mantineColorScheme')).to.equal('dark');
    await page.locator('input[name=email]').fill(person.email);
    await page.locator('input[name=password]').fill(person.password);
    await page.getByRole('button', { name: /密码/ }).click();
    expect(await page.locator('input[name=password]').getAttribute('type')).to.equal('text');
    await page.locator('button[type=submit]').click();
    await page.getByRole('alert').waitFor();
    expect(other.complaints.splice(0)).to.have.length(1);
    await page.locator('input[name=totp]').fill(totpCode(secret, totpStep(Date.now())));
    await page.locator('button[type=submit]').click();
    await page.waitForURL('**/marketplace');
    await page.getByRole('heading', { level: 1, name: '插件市场' }).waitFor();
    await page.goto(`${whole.host.url}/account`);
    await page.getByRole('textbox', { name: '密码', exact: true }).fill(person.password);
    await page.getByRole('textbox', { name: '验证码', exact: true }).fill(recovery[0] ?? '');
    await page.getByRole('button', { name: '停用验证器应用' }).click();
    await page.getByRole('button', { name: '设置验证器应用' }).waitFor();
    expect((await signedIn(person.password)).content.access_token).to.be.a('string');
    expect(other.complaints).to.deep.equal([]);
    await other.context.close();
  });

  it('changes language and colours on each page that is shown before sign-in', async () => {
    const other = await openWindow();
    const { page } = other;
    for (const address of ['/setup#token=x', '/invitation#token=x', '/login']) {
      await page.goto(whole.host.url + address);
      await page.getByRole('button', { name: 'Language: English' }).click();
      await page.getByRole('menuitem', { name: '繁體中文' }).click();
      await until(async () => (await page.evaluate('document.documentElement.lang')) === 'zh-Hant');
      await page.getByRole('button', { name: /^(语言|語言)/ }).click();
      await page.getByRole('menuitem', { name: 'English' }).click();
      const scheme = () => page.evaluate('document.documentElement.dataset.mantineColorScheme');
      for (const [name, wanted] of [
        ['Dark colours', 'dark'],
        ['Light colours', 'light'],
      ]) {
        await page.getByRole('button', { name: name ?? '' }).click();
        expect(await scheme()).to.equal(wanted);
      }
      for (const shows of await page.getByRole('button', { name: /^Show what you type/ }).all())
        await shows.press('Enter');
      expect(await page.locator('input[type=password]').count()).to.equal(0);
    }
    expect(other.complaints).to.deep.equal([]);
    await other.context.close();
  });

  it('publishes the package that was chosen in the browser’s own dialog, and copies a new secret', async () => {
    const page = await open('/authors/@acme');
    const choosing = page.waitForEvent('filechooser');
    await button('Package (.tgz)').click();
    const buffer = Buffer.from(await whole.release('1.3.0'));
    await (await choosing).setFiles({ name: 'notes.tgz', mimeType: 'application/gzip', buffer });
    await button('Publish').click();
    await page.getByText('@acme/notes 1.3.0 is published').waitFor();
    expect((await get('/registry/plugins/@acme%2Fnotes/versions/1.3.0')).state).to.equal('published');
    await open(`/webhooks/${whole.webhook}`);
    await button('New secret').click();
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
    const secret = (await page.getByText(/^whsec_/).textContent()) ?? '';
    expect(await copied()).to.equal(secret);
  });

  it('takes a code that was typed, and says when it is nobody’s', async () => {
    const page = await open('/device');
    await field('Code').fill('ABCD-EFGH');
    await button('Show who waits').click();
    await page.getByRole('alert').waitFor();
    expect(window.complaints.splice(0)).to.have.length(1);
  });
});
