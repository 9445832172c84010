import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { closeBrowser, openWindow, type Window } from './browser.ts';

describe('The console’s pages for people who come by a link', function () {
  this.timeout(60_000);
  let host: RunningHost;
  let window: Window;
  const guest = { email: 'grace@example.com', password: 'another long password' };
  before(async () => {
    host = await startHost();
    window = await openWindow();
  });
  afterEach(() => {
    expect(window.complaints).to.deep.equal([]);
  });
  after(async () => {
    await closeBrowser();
    await host?.remove();
  });

  it('lets an invited person join with the role that they were invited for', async () => {
    const { page } = window;
    const made = await host.request('POST', '/invitations', { body: { email: guest.email, role: 'viewer' } });
    await page.goto(made.body.content.url.replace(/^https?:\/\/[^/]+/, host.url));
    await page.getByLabel('E-mail').fill(guest.email);
    await page.getByRole('textbox', { name: 'Your name' }).fill('Grace');
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(guest.password);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.waitForURL('**/marketplace');
    const token = await host.login(guest.email, guest.password);
    const me = (await host.request('GET', '/auth/me', { token })).body.content;
    expect(me.workspaces.map(({ role }: { role: string }) => role)).to.deep.equal(['viewer']);
  });

  it('says in place what a viewer may not do', async () => {
    const { page } = window;
    await page.goto(`${host.url}/install/@patchbay/hello`);
    await page.getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Install with these permissions' }).click();
    await page.getByRole('alert').getByText('F40003').waitFor();
    expect(window.complaints.splice(0)).to.have.length(1);
  });

  it('shows a viewer no form that only admins may send, and asks for nothing that is refused', async () => {
    const { page } = window;
    for (const address of ['/api-keys', '/audit']) {
      await page.goto(host.url + address);
      await page.getByText('Only admins of this workspace see this').waitFor();
      expect(await page.locator('main form, main a[download]').count(), address).to.equal(0);
    }
    await page.goto(`${host.url}/members`);
    const lines = page.getByRole('row').filter({ hasText: '@example.com' });
    await lines.first().waitFor();
    expect(await page.locator('main form').count()).to.equal(0);
    const removable = lines.filter({ has: page.getByRole('button', { name: 'Remove' }) });
    expect(await removable.allInnerTexts(), 'one can leave').to.have.length(1);
    expect(await removable.innerText()).to.include(guest.email);
    await page.goto(`${host.url}/guide`);
    await page.getByRole('link', { name: 'Open: Connect an account' }).waitFor();
    expect(await page.getByRole('link', { name: 'Open: Install a plugin' }).count()).to.equal(0);
  });

  it('shows who waits behind a code before it lets them in', async () => {
    const { page } = window;
    const { device_code, user_code } = (
      await host.request('POST', '/auth/device', { token: null, body: { client_name: 'patchbay' } })
    ).body.content;
    const poll = async () =>
      (await host.request('POST', '/auth/device/token', { token: null, body: { device_code } })).body.content;
    await page.goto(`${host.url}/device#code=${user_code}`);
    await page.getByRole('button', { name: 'Show who waits' }).click();
    await page.getByText(/patchbay asks from .* to act as you/).waitFor();
    expect((await poll()).status).to.equal('pending');
    await page.getByRole('button', { name: 'Let it in' }).click();
    await page.getByText('patchbay is signed in as you now').waitFor();
    const { signed_in } = await poll();
    expect(signed_in.user.email).to.equal(guest.email);
  });

  it('keeps the code of a link over the sign-in that it leads to', async () => {
    const other = await openWindow();
    await other.page.goto(`${host.url}/device#code=ABCD-EFGH`);
    await other.page.waitForURL('**/login?next=*');
    await other.page.getByLabel('E-mail').fill(guest.email);
    await other.page.getByRole('textbox', { name: 'Password', exact: true }).fill(guest.password);
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    await other.page.waitForURL('**/device#code=ABCD-EFGH');
    expect(await other.page.getByRole('textbox', { name: 'Code' }).inputValue()).to.equal('ABCD-EFGH');
    await other.context.close();
  });

  it('follows no link to another site after sign-in', async () => {
    for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
      const other = await openWindow();
      await other.page.goto(`${host.url}/login?next=${encodeURIComponent(next)}`);
      await other.page.getByLabel('E-mail').fill(guest.email);
      await other.page.getByRole('textbox', { name: 'Password', exact: true }).fill(guest.password);
      await other.page.getByRole('button', { name: 'Sign in' }).click();
      await other.page.waitForURL('**/marketplace');
      expect(new URL(other.page.url()).origin).to.equal(host.url);
      await other.context.close();
    }
  });
});
