import { expect } from 'chai';
import { closeBrowser, openWindow, settle, signIn, type Window } from '../console/browser.ts';
import { until } from '../console/sign-in.ts';
import { startWholeHost, type WholeHost } from '../console/whole-host.ts';

describe('The rest of what can be pressed in the console does what the API then tells', () => {
  let whole: WholeHost;
  let window: Window;
  const ask = async (method: string, path: string, body?: object, token?: string | null) => {
    const answer = await whole.host.request(method, path, {
      ...(body && { body }),
      ...(token !== undefined && { token }),
    });
    expect(answer.body.code, `${method} ${path} ${answer.text}`).to.match(/^S1/);
    return answer.body.content;
  };
  const open = async (address: string, { page } = window) => {
    await page.goto(whole.host.url + address);
    await settle(page);
    return page;
  };
  const button = (name: string) => window.page.getByRole('button', { name, exact: true });
  const articles = () => window.page.getByRole('article');

  before(async () => {
    whole = await startWholeHost();
    window = await openWindow();
    await signIn(window, whole.host);
  });
  afterEach(() => {
    expect(window.complaints.splice(0)).to.deep.equal([]);
  });
  after(async () => {
    await closeBrowser();
    await whole.remove();
  });

  it('keeps the language and the colours that somebody chose', async () => {
    const page = await open('/usage');
    await button('Language: English').click();
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    await page.getByRole('heading', { level: 1, name: '用量' }).waitFor();
    await page.getByRole('button', { name: '深色模式' }).click();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: '用量' }).waitFor();
    expect(await page.evaluate('document.documentElement.dataset.mantineColorScheme')).to.equal('dark');
    expect(await page.evaluate('document.documentElement.lang')).to.equal('zh-Hans');
    await page.getByRole('button', { name: '浅色模式' }).click();
    await page.getByRole('button', { name: '语言：简体中文' }).click();
    await page.getByRole('menuitem', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'Usage' }).waitFor();
  });

  it('leads to every page of its menu, on a phone too', async () => {
    const page = await open('/marketplace');
    await page.locator('nav a[href="/reviewers"]').waitFor();
    const targets = (await page.evaluate(
      `[...document.querySelectorAll('nav[aria-label=Menu] a')].map((one) => one.getAttribute('href'))`,
    )) as string[];
    expect(targets).to.include.members(['/plugins', '/webhooks', '/reviewers', '/health']);
    const narrow = await openWindow({ width: 390 });
    await narrow.context.addCookies(await window.context.cookies());
    await open('/usage', narrow);
    for (const target of targets.filter((one) => one !== '/docs')) {
      await page.locator(`nav a[href="${target}"]`).click();
      await page.waitForURL(`**${target}`);
      await settle(page);
    }
    await narrow.page.getByRole('button', { name: 'Menu' }).click();
    await narrow.page.locator('nav a[href="/webhooks"]').focus();
    await narrow.page.keyboard.press('Escape');
    await narrow.page.getByRole('button', { name: 'Menu', expanded: false }).waitFor();
    expect(await narrow.page.evaluate('document.activeElement.getAttribute("aria-label")')).to.equal('Menu');
    await narrow.page.getByRole('button', { name: 'Menu' }).click();
    await narrow.page.locator('nav a[href="/webhooks"]').click();
    await narrow.page.waitForURL('**/webhooks');
    // Closed again, it is neither seen nor in the keyboard's way.
    await until(async () =>
      Boolean(
        await narrow.page.evaluate(
          'document.querySelector("nav").inert && document.querySelector("nav").getBoundingClientRect().right <= 0',
        ),
      ),
    );
    expect(narrow.complaints).to.deep.equal([]);
    await narrow.context.close();
  });

  it('narrows integrations, events, releases and the audit to what the API has of that kind', async () => {
    const page = await open('/integrations');
    await page.getByLabel('State').selectOption('error');
    await page.getByText('No integrations').waitFor();
    await page.getByLabel('State').selectOption('active');
    await page.getByRole('link', { name: 'The integration' }).waitFor();
    await open('/events');
    await page.getByLabel('Event type').first().fill('acme');
    await page.getByRole('option', { name: 'acme.noted' }).click();
    const { total } = await ask('GET', '/events?type=acme.noted');
    await until(async () => (await articles().filter({ hasText: 'acme.noted' }).count()) === total);
    expect(await articles().count()).to.equal(total);
    await open('/reviewers');
    const queued = (await ask('GET', '/registry/releases?state=published&is_verified=false')).total;
    await until(async () => (await page.getByRole('row').count()) === queued + 1);
    await page.getByLabel('Show').selectOption('all');
    const all = (await ask('GET', '/registry/releases')).total;
    await until(async () => (await page.getByRole('row').count()) === all + 1);
    await open('/audit');
    await page.getByRole('textbox', { name: 'What' }).fill('webhook');
    const webhooks = (await ask('GET', '/audit?target=webhook')).total;
    await until(async () => (await articles().count()) === webhooks);
    await page.getByLabel('From').fill('2099-01-01T00:00');
    await page.getByText('Nothing of that kind was done').waitFor();
    await open('/audit?since=yesterday');
    await articles().first().waitFor();
  });

  it('turns pages', async () => {
    const page = await open('/events?tab=types');
    const { events } = await ask('GET', '/webhooks/events?page=2');
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.waitForURL('**page=2**');
    await articles().filter({ hasText: events[0].type }).first().waitFor();
    await page.getByRole('button', { name: 'Page 1', exact: true }).click();
    await page.waitForURL((url) => !url.searchParams.has('page') || url.searchParams.get('page') === '1');
  });

  it('asks again when the host did not answer', async () => {
    const page = await open('/usage');
    await page.route('**/api/v1/webhooks?*', (route) => route.abort());
    await page.route('**/api/v1/webhooks', (route) => route.abort());
    await page.locator('nav a[href="/webhooks"]').click();
    await page.getByText('The host does not answer').waitFor();
    expect(window.complaints.splice(0).every((one) => one.includes('ERR_FAILED'))).to.equal(true);
    await page.unrouteAll();
    await button('Try again').click();
    await page.getByRole('link', { name: 'The webhook' }).waitFor();
  });

  it('says it when a page’s code does not come, and draws the page once it does', async () => {
    const page = await open('/usage');
    await page.route('**/assets/members-*.js', (route) => route.abort());
    await page.locator('nav a[href="/members"]').click();
    await page.getByRole('alert').getByText('That did not work').waitFor();
    expect(window.complaints.splice(0).length).to.be.greaterThan(0);
    await page.unrouteAll();
    await button('Try again').click();
    await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor();
  });

  it('copies the command that replays a call', async () => {
    await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const [, address = ''] = whole.addresses.find(([name]) => name === 'invocation') ?? [];
    const page = await open(address);
    await button('Copy the command that replays it').click();
    await button('Copied').waitFor();
    const command = await page.evaluate('navigator.clipboard.readText()');
    expect(command).to.equal(`npx patchbay replay ${address.split('/').at(-1)}`);
    await page.getByRole('row', { name: /emit.*acme\.noted/ }).waitFor();
  });

  it('works by plain HTTP under a name, where browsers have neither clipboard nor randomUUID', async () => {
    const plain = await openWindow();
    const site = whole.host.url.replace('127.0.0.1', 'console.example');
    await signIn(plain, { url: site, admin: whole.host.admin });
    const { page } = plain;
    expect(await page.evaluate('[isSecureContext, typeof navigator.clipboard]')).to.deep.equal([false, 'undefined']);
    await page.goto(`${site}/install/@patchbay/hello`);
    await page.getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Install with these permissions' }).click();
    await page.getByText('Step 2 of 3').waitFor();
    const { plugins } = await ask('GET', '/plugins');
    expect(plugins.map(({ name }: { name: string }) => name)).to.include('@patchbay/hello');
    const [, address = ''] = whole.addresses.find(([name]) => name === 'invocation') ?? [];
    await page.goto(site + address);
    await page.getByRole('button', { name: 'Copy the command that replays it' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    // Two headers that Chromium keeps for secure origins, which it says for each page.
    const own = plain.complaints.filter((one) => !/Cross-Origin-Opener-Policy|Origin-Agent-Cluster/.test(one));
    expect(own).to.deep.equal([]);
    await plain.context.close();
  });

  it('refuses a program that waits behind a code', async () => {
    const { device_code, user_code } = await ask('POST', '/auth/device', { client_name: 'stranger' }, null);
    const page = await open(`/device#code=${user_code}`);
    await button('Show who waits').click();
    await button('Refuse').click();
    await page.getByText('stranger was refused.').waitFor();
    const poll = await whole.host.request('POST', '/auth/device/token', { token: null, body: { device_code } });
    expect(poll.body.content?.status ?? poll.body.code).to.be.oneOf(['denied', 'F40003']);
  });

  it('gives a publisher another owner, and takes them out again', async () => {
    const { url } = await ask('POST', '/invitations', { email: 'olga@example.com', role: 'developer' });
    const joining = { email: 'olga@example.com', password: 'a fine long password', name: 'Olga' };
    await ask('POST', `/invitations/${url.split('=').at(-1)}/accept`, joining, null);
    const page = await open('/authors/@acme');
    await page.getByRole('textbox', { name: 'E-mail of somebody here' }).fill('olga@example.com');
    await page.getByLabel('Role').selectOption('owner');
    await button('Add').click();
    await button('Remove olga@example.com').waitFor();
    const roles = async () =>
      Object.fromEntries(
        (await ask('GET', '/registry/publishers/@acme/members')).members.map(
          ({ email, role }: { email: string; role: string }) => [email, role],
        ),
      );
    expect(await roles()).to.include({ 'olga@example.com': 'owner' });
    await button('Remove olga@example.com').click();
    const question = page.getByRole('dialog', { name: 'Remove olga@example.com?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await roles()).to.include({ 'olga@example.com': 'owner' });
    await button('Remove olga@example.com').click();
    await question.getByRole('button', { name: 'Remove', exact: true }).click();
    await button('Remove olga@example.com').waitFor({ state: 'detached' });
    expect(await roles()).to.not.have.property('olga@example.com');
  });

  it('tries settings at the vendor, says when somebody saved meanwhile, and goes back far in the history', async () => {
    const path = `/plugins/${whole.plugin}/configuration`;
    const page = await open(`/plugins/${whole.plugin}?tab=configuration`);
    await button('Test connection: The integration').click();
    await page.getByText('The connection works').waitFor();
    for (let number = 2; number <= 12; number++) await ask('PUT', path, { configuration: { word: `word ${number}` } });
    const word = page.getByRole('textbox', { name: 'The field' });
    await word.fill('of an old page');
    await button('Save').click();
    await page.getByRole('alert').getByText('F40009').waitFor();
    expect(window.complaints.splice(0)).to.have.length(1);
    await button('Read them anew').click();
    await until(async () => (await word.inputValue()) === 'word 12');
    await button('Show more').click();
    await button('Restore revision 1').click();
    await until(async () => (await ask('GET', path)).configuration.word === 'The setting');
  });

  it('looks at a plugin’s use over another time, and at a release’s changes', async () => {
    const page = await open(`/plugins/${whole.plugin}?tab=usage`);
    await page.getByLabel('Time', { exact: true }).selectOption('720');
    const { calls, errors } = await ask('GET', `/plugins/${whole.plugin}/metrics?hours=720`);
    await page.getByRole('img', { name: `Calls: ${calls} in all, ${errors} failed` }).waitFor();
    await page.getByText(`Error in the plugin: ${errors}`).waitFor();
    await open('/reviewers/@acme/notes?version=1.1.0');
    const changed = page.getByRole('region', { name: 'README.md' });
    await changed.waitFor();
    await button('Hide README.md').click();
    await changed.waitFor({ state: 'detached' });
    await button('Show README.md').click();
    await changed.waitFor();
  });

  it('makes another workspace, goes over to it and back, while another window stays where it is', async () => {
    const page = await open('/account');
    const beside = await window.context.newPage();
    await beside.goto(`${whole.host.url}/projects`);
    await settle(beside);
    await page.getByRole('textbox', { name: 'New workspace' }).fill('Beside');
    await button('Create workspace').click();
    await button('Switch to Beside').click();
    await page.waitForURL('**/marketplace');
    await button('Workspace Beside').waitFor();
    const { workspaces } = await ask('GET', '/auth/me');
    const made = workspaces.find(({ name }: { name: string }) => name === 'Beside').id;
    await open('/projects');
    await page.getByRole('textbox', { name: 'Name' }).fill('Only here');
    await button('Create project').click();
    await page.getByRole('cell', { name: 'Only here', exact: true }).waitFor();
    const there = await whole.host.request('GET', '/projects', { headers: { 'x-workspace-id': made } });
    const names = ({ content }: { content: { projects: { name: string }[] } }) =>
      content.projects.map((one) => one.name);
    expect(names(there.body)).to.deep.equal(['Default', 'Only here']);
    expect(names((await whole.host.request('GET', '/projects')).body)).to.not.include('Only here');
    // The other window shows the first workspace still, keeps what was typed there, and writes into what it shows.
    const name = beside.getByRole('textbox', { name: 'Name' });
    await name.fill('Of the first');
    await beside.evaluate(`dispatchEvent(new Event('focus'))`);
    expect(await name.inputValue()).to.equal('Of the first');
    await page.evaluate(`dispatchEvent(new Event('focus'))`);
    await beside.getByRole('button', { name: 'Create project' }).click();
    await beside.getByRole('cell', { name: 'Of the first', exact: true }).waitFor();
    expect(names((await whole.host.request('GET', '/projects')).body)).to.include('Of the first');
    // What is opened anew begins where somebody was last.
    await beside.evaluate(`dispatchEvent(new Event('focus'))`);
    await beside.reload();
    await beside.getByRole('cell', { name: 'Of the first', exact: true }).waitFor();
    await beside.close();
    await page.evaluate(`dispatchEvent(new Event('focus'))`);
    await button('Workspace Beside').click();
    await page.getByRole('menuitem', { name: workspaces[0].name }).click();
    await button(`Workspace ${workspaces[0].name}`).waitFor();
    await open('/projects');
    await page.getByRole('cell', { name: 'The project', exact: true }).waitFor();
    expect(await page.getByRole('cell', { name: 'Only here', exact: true }).count()).to.equal(0);
  });

  it('takes an invitation into the workspace that it is for, and says so when one was taken out of it', async () => {
    const person = { email: 'mia@example.com', password: 'a fine long password' };
    const { workspaces } = await ask('GET', '/auth/me');
    const [main, second] = workspaces as { id: string; name: string }[];
    const invite = async (id: string) =>
      (
        await whole.host.request('POST', '/invitations', {
          body: { email: person.email, role: 'viewer' },
          headers: { 'x-workspace-id': id },
        })
      ).body.content.url.replace(/^https?:\/\/[^/]+/, whole.host.url);
    const guest = await openWindow();
    const { page } = guest;
    const join = async (id: string) => {
      const url = await invite(id);
      await page.goto('about:blank');
      await page.goto(url);
      await page.getByLabel('E-mail').fill(person.email);
      await page.getByRole('textbox', { name: 'Password', exact: true }).fill(person.password);
      await page.getByRole('button', { name: 'Join' }).click();
      await page.waitForURL('**/marketplace');
    };
    const token = async () => whole.host.login(person.email, person.password);
    await join(main?.id ?? '');
    await whole.host.request('POST', '/workspaces', { body: { name: 'Of Mia' }, token: await token() });
    await join(second?.id ?? '');
    await page.getByRole('button', { name: `Workspace ${second?.name}` }).waitFor();
    await page.goto(`${whole.host.url}/projects`);
    await page.getByRole('cell', { name: 'Default', exact: true }).waitFor();
    expect(guest.complaints).to.deep.equal([]);
    const mia = (await whole.host.request('GET', '/auth/me', { token: await token() })).body.content.user.id;
    await whole.host.request('DELETE', `/workspaces/${second?.id}/members/${mia}`);
    await until(async () => {
      await page.locator('nav a[href="/plugins"]').click();
      await page.locator('nav a[href="/webhooks"]').click();
      return (await page.getByRole('button', { name: 'Back to my first workspace' }).count()) === 1;
    });
    await page.getByRole('button', { name: 'Back to my first workspace' }).click();
    await page.getByRole('button', { name: `Workspace ${main?.name}` }).waitFor();
    await page.getByRole('link', { name: 'The webhook' }).waitFor();
    await guest.context.close();
  });

  it('says of what is installed that it is, before it is installed once more', async () => {
    const page = await open('/install/@acme/notes');
    await page.getByText('Version 1.0.0 is installed already').waitFor();
    await page.getByRole('link', { name: 'Open the installed plugin' }).click();
    await page.waitForURL(`**/plugins/${whole.plugin}`);
  });

  it('uninstalls a plugin with what uses it, keeps its settings, and installs the version that was chosen', async () => {
    const page = await open(`/plugins/${whole.plugin}?tab=uninstall`);
    const uninstall = async () => {
      await button('Uninstall').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Uninstall' }).click();
    };
    await uninstall();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    expect(window.complaints.splice(0)).to.have.length(1);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('checkbox', { name: 'Keep its settings and synced records' }).check();
    await page.getByRole('checkbox', { name: 'Also when integrations still use it' }).check();
    await uninstall();
    await page.waitForURL('**/plugins');
    expect((await whole.host.request('GET', `/plugins/${whole.plugin}`)).status).to.equal(404);
    await open('/install/@acme/notes');
    await page.getByLabel('Version', { exact: true }).selectOption('1.0.0');
    await until(async () => (await page.getByRole('checkbox').count()) === 3);
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await button('Install with these permissions').click();
    await button('Later').click();
    await page.getByText('Settings left for later').waitFor();
    await page.getByRole('link', { name: 'Open the installed plugin' }).click();
    await page.waitForURL('**/plugins/plg_*');
    const { version, permissions } = await ask('GET', new URL(page.url()).pathname);
    expect([version, permissions.length]).to.deep.equal(['1.0.0', 3]);
  });

  it('says on an installed plugin that its release is advised against, and then that it is withdrawn', async () => {
    const path = '/registry/plugins/@acme%2Fnotes/versions/1.0.0';
    const page = await open('/plugins');
    const [{ id }] = (await ask('GET', '/plugins')).plugins;
    await page.getByRole('article').filter({ hasText: '@acme/notes' }).getByText('Deprecated').waitFor();
    await open(`/plugins/${id}`);
    await page
      .getByRole('alert')
      .filter({ hasText: 'advises against version 1.0.0' })
      .getByText('The advice')
      .waitFor();
    await ask('POST', `${path}/yank`, { reason: 'It lost a note' });
    await page.reload();
    await page.getByRole('alert').filter({ hasText: '1.0.0 was withdrawn' }).getByText('It lost a note').waitFor();
  });
});
