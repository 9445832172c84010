import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { type GitHubMock, startGitHub } from '../vendors/github.ts';
import { closeBrowser, openWindow, type Window } from './browser.ts';
import { until } from './sign-in.ts';

const email = 'ada@example.com';
const password = 'a long enough password';

describe('The console, from the one-time link to an action’s answer', function () {
  this.timeout(60_000);
  let host: RunningHost;
  let vendor: GitHubMock;
  let window: Window;
  let token: string;
  const api = async (method: string, path: string, body?: unknown) =>
    (await host.request(method, path, { token, ...(body === undefined ? {} : { body }) })).body.content;
  const plugin = async (
    name: string,
  ): Promise<{ id: string; is_enabled: boolean; permissions: { name: string }[] }> => {
    const { plugins } = await api('GET', '/plugins');
    return plugins.find((one: { name: string }) => one.name === name);
  };

  before(async () => {
    vendor = await startGitHub({ issues: 3, pull_requests: 1 });
    host = await startHost({
      env: { PATCHBAY_ADMIN_EMAIL: '', PATCHBAY_ADMIN_PASSWORD: '', PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' },
    });
    window = await openWindow();
  });
  afterEach(() => {
    expect(window.complaints).to.deep.equal([]);
  });
  after(async () => {
    await closeBrowser();
    await host?.remove();
    await vendor?.stop();
  });

  it('lets the holder of the one-time link become the first admin, and signs them in', async () => {
    const { page } = window;
    const link = /(http\S+\/setup#token=\S+)/.exec(host.output())?.[1] ?? '';
    await page.goto(link.replace(/^https?:\/\/[^/]+/, host.url));
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
    await page.getByRole('textbox', { name: 'Password again' }).fill(password);
    await page.getByRole('button', { name: 'Become the first admin' }).click();
    await page.waitForURL('**/guide');
    token = await host.login(email, password);
    expect((await api('GET', '/auth/me')).user.email).to.equal(email);
  });

  it('keeps the session where no script can read it', async () => {
    const { page, context } = window;
    const session = (await context.cookies()).find((cookie) => cookie.name.endsWith('pb_session'));
    expect(session).to.include({ httpOnly: true, sameSite: 'Strict' });
    expect(await page.evaluate('document.cookie')).to.not.include('pb_session');
    expect(await page.evaluate('JSON.stringify(localStorage)')).to.not.match(/pb_|token|ses_/);
  });

  it('finds a plugin as one types and shows its description', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'Open: Install a plugin' }).click();
    await page.getByRole('searchbox', { name: 'Search' }).fill('hello');
    await page.waitForURL('**/marketplace?search=hello');
    await page.getByRole('link', { name: 'Hello', exact: true }).click();
    await page.waitForURL('**/marketplace/@patchbay/hello');
    await page.getByText('Greets by name. The smallest plugin').waitFor();
  });

  it('installs with consent: not before each permission that it needs is ticked', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'Install' }).click();
    const install = page.getByRole('button', { name: 'Install with these permissions' });
    await page.getByText('Why: Remembers how often it counted').waitFor();
    expect(await install.isDisabled()).to.equal(true);
    await page.getByRole('checkbox').first().check();
    await install.click();
    await page.getByText('Step 2 of 3').waitFor();
    expect((await plugin('@patchbay/hello')).permissions.map(({ name }) => name)).to.deep.equal(['storage']);
  });

  it('saves settings from a form made of the plugin’s schema, and shows a refusal at its field', async () => {
    const { page } = window;
    const greeting = page.getByRole('textbox', { name: 'Greeting' });
    expect(await greeting.inputValue()).to.equal('Hello');
    await greeting.fill('x'.repeat(81));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.mantine-TextInput-error').waitFor();
    // A browser reports each refused request by itself; this one was meant.
    expect(window.complaints.splice(0)).to.have.length(1);
    await greeting.fill('Servus');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Settings saved').waitFor();
    const { id } = await plugin('@patchbay/hello');
    expect((await api('GET', `/plugins/${id}/configuration`)).configuration).to.deep.equal({ greeting: 'Servus' });
  });

  it('runs an action from a form made of its input schema, and shows the answer', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'Open the installed plugin' }).click();
    await page.waitForURL('**/plugins/*');
    await page.getByRole('textbox', { name: 'Name' }).fill('Ada');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('"greeting": "Servus, Ada!"').waitFor();
  });

  it('shows the call and what was logged in it', async () => {
    const { page } = window;
    await page.getByRole('tab', { name: 'Calls' }).click();
    await page
      .getByRole('cell', { name: /actions\.greet/ })
      .first()
      .waitFor();
    await page.getByRole('tab', { name: 'Logs' }).click();
    await page.getByText('greeting somebody').first().waitFor();
  });

  it('disables a plugin, takes back a permission, gives it again, and enables the plugin', async () => {
    const { page } = window;
    const enabled = page.getByRole('switch', { name: 'Enabled' });
    const storage = page.getByRole('checkbox', { name: /Keep small values/ });
    const save = async (count: number) => {
      await page.getByRole('button', { name: 'Save permissions' }).click();
      await page.getByText('Saved.').waitFor();
      expect((await plugin('@patchbay/hello')).permissions).to.have.length(count);
    };
    await page.getByRole('tab', { name: 'Permissions' }).click();
    await storage.waitFor();
    expect(await storage.isDisabled(), 'a needed permission stays while the plugin runs').to.equal(true);

    await enabled.click({ force: true });
    await page.getByText('Disabled', { exact: true }).waitFor();
    expect((await plugin('@patchbay/hello')).is_enabled).to.equal(false);
    await storage.uncheck();
    await save(0);

    await storage.check();
    await save(1);
    const answered = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
    await enabled.click({ force: true });
    await answered;
    expect((await plugin('@patchbay/hello')).is_enabled).to.equal(true);
  });

  it('connects an account with a token that nobody sees again, and tests it', async () => {
    const { page } = window;
    const { permissions_asked } = await api('GET', '/plugins/marketplace/%40patchbay%2Fgithub');
    const { id } = await api('POST', '/plugins', {
      name: '@patchbay/github',
      permissions: permissions_asked.map((one: { name: string }) => one.name),
    });
    await api('POST', `/plugins/${id}/configuration`, { configuration: { api_url: vendor.url } });
    await page.getByRole('link', { name: 'Integrations', exact: true }).click();
    await page.getByText('No integrations').waitFor();
    await page.getByRole('link', { name: 'New integration' }).click();
    await page.getByRole('link', { name: 'GitHub', exact: true }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Our GitHub');
    await page.getByRole('textbox', { name: 'Token' }).fill(vendor.token);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.waitForURL(/\/integrations\/int_/);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('The connection works').waitFor();
    expect(await page.content()).to.not.include(vendor.token);
    expect(vendor.exchanges.at(-1)?.operation).to.equal('users/get-authenticated');
  });

  it('runs an action with that account', async () => {
    const { page } = window;
    await page.getByRole('tab', { name: 'Run an action' }).click();
    await page.getByRole('textbox', { name: 'Repository' }).fill('octo/repo-1');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('"title": "Issue 3"').waitFor();
    expect(vendor.violations).to.deep.equal([]);
  });

  it('syncs the account’s data and shows how many records came', async () => {
    const { page } = window;
    await page.getByRole('tab', { name: 'Sync' }).click();
    await page.getByText('Not synced yet').waitFor();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByRole('row').getByText('Succeeded').waitFor();
    // Two repositories, three issues, one pull request.
    await page.getByRole('row').getByText('6', { exact: true }).waitFor();
    expect((await api('GET', '/records/issue')).total).to.equal(3);
  });

  it('says how to set up an app where nobody has one to sign in with', async () => {
    const { page } = window;
    await page.goto(`${host.url}/integrations/new?type=github`);
    await page.getByLabel('Way of signing in').selectOption('oauth');
    await page.getByText('Nobody set an app yet.').waitFor();
    await page.getByText('/api/v1/auth/github/callback').waitFor();
    await page.getByRole('button', { name: 'Sign in at the vendor' }).click();
    await page.getByText(/^No OAuth app is set up for github/).waitFor();
    expect(window.complaints.splice(0), 'the refusal').to.have.length(1);
  });

  it('shows what happened as events', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    const installed = page.getByRole('article').filter({ hasText: 'plugin.installed' }).first();
    await installed.getByRole('button', { name: 'Show data' }).click();
    await installed.getByText('@patchbay/').first().waitFor();
  });

  it('makes an API key that works and is shown once, and revokes it', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('ci');
    await page.getByLabel('Scopes').first().click();
    await page.getByRole('option', { name: 'plugins:read' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Create key' }).click();
    const key = (await page.getByText(/^pb_live_\w{20,}/).textContent()) ?? '';
    expect((await host.request('GET', '/plugins', { token: key })).status).to.equal(200);
    await page.reload();
    await page.getByRole('row', { name: /ci/ }).waitFor();
    expect(await page.content()).to.not.include(key);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('No API keys').waitFor();
    expect((await host.request('GET', '/plugins', { token: key })).status).to.equal(401);
  });

  it('tells how the host is', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByText('Installed plugins').waitFor();
    await page.getByText('Connected', { exact: true }).first().waitFor();
  });

  it('uninstalls after asking', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'Plugins', exact: true }).click();
    await page.getByRole('link', { name: 'Hello', exact: true }).click();
    await page.getByRole('tab', { name: 'Uninstall' }).click();
    await page.getByRole('button', { name: 'Uninstall' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Uninstall' }).click();
    await page.waitForURL('**/plugins');
    await page.getByRole('link', { name: 'GitHub', exact: true }).waitFor();
    expect(await plugin('@patchbay/hello')).to.equal(undefined);
  });

  for (const [locale, dark, word] of [
    ['zh-CN', false, '插件市场'],
    ['zh-TW', true, '外掛市集'],
  ] as const) {
    it(`has the pages of the main path by their addresses in ${locale}, ${dark ? 'dark' : 'light, on a phone'}`, async () => {
      const { id } = await plugin('@patchbay/github');
      const { integrations } = await api('GET', '/integrations');
      const addresses = [
        ...['/marketplace', '/marketplace/@patchbay/github', '/install/@patchbay/github', '/plugins', `/plugins/${id}`],
        ...['configuration', 'grants', 'invocations', 'logs', 'offers', 'uninstall'].map(
          (tab) => `/plugins/${id}?tab=${tab}`,
        ),
        ...[
          '/integrations',
          '/integrations/new',
          `/integrations/${integrations[0].id}`,
          '/events',
          '/api-keys',
          '/health',
        ],
        '/nowhere',
      ];
      const other = await openWindow({ locale, dark, width: locale === 'zh-CN' ? 390 : 1280 });
      await other.context.addCookies(await window.context.cookies());
      // The phone's narrow window is the one that breaks pages; every page in every language is among the long rounds.
      for (const address of locale === 'zh-CN' ? addresses : addresses.slice(0, 5)) {
        await other.page.goto(host.url + address);
        await other.page.getByRole('heading', { level: 1 }).waitFor();
        const waiting = other.page.getByRole('status', { name: /Loading|加载中|載入中/ });
        // A page may wait for several things at once.
        await until(async () => (await waiting.count()) === 0);
        const sideways = await other.page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(sideways, `${address} in ${locale} is wider than its window`).to.be.at.most(0);
      }
      await other.page.goto(`${host.url}/marketplace`);
      expect(await other.page.getByRole('heading', { level: 1 }).textContent()).to.equal(word);
      expect(await other.page.evaluate('document.documentElement.dataset.mantineColorScheme')).to.equal(
        dark ? 'dark' : 'light',
      );
      expect(other.complaints, `${locale}`).to.deep.equal([]);
      await other.context.close();
    });
  }

  it('signs out, sends a stranger to sign in, and back to where they wanted to go', async () => {
    const { page, context } = window;
    await page.getByRole('button', { name: `Account ${email}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/login');
    expect((await context.cookies()).find((cookie) => cookie.name.endsWith('pb_session'))).to.equal(undefined);
    await page.goto(`${host.url}/api-keys`);
    await page.waitForURL('**/login?next=%2Fapi-keys');
    // The refusal that led here.
    expect(window.complaints.splice(0).every((one) => one.includes('401'))).to.equal(true);
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/api-keys');
  });

  it('runs no script but the host’s own: the policy stops an inline one', async () => {
    const answer = await fetch(`${host.url}/marketplace`, { headers: { accept: 'text/html' } });
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).to.match(/script-src 'self'(;|$)/);
    expect(policy).to.not.include('unsafe-eval');
    expect(await answer.text()).to.not.match(/<script(?![^>]*\ssrc=)/);
    const other = await openWindow();
    await other.page.goto(`${host.url}/login`);
    await other.page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
    }`);
    expect(await other.page.evaluate('window.ran')).to.equal(undefined);
    expect(other.complaints.join()).to.match(/Content Security Policy/);
    await other.context.close();
  });
});
