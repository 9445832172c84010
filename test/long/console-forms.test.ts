import { expect } from 'chai';
import { closeBrowser, openWindow, settle, signIn, type Window } from '../console/browser.ts';
import { focused, unreachable } from '../console/keys.ts';
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
    await button('Create the webhook').click();
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
    await button('Make key').click();
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
});

/** Asks until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((done) => setTimeout(done, 50));
}
