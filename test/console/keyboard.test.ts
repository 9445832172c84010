import { expect } from 'chai';
import { closeBrowser, openWindow, settle, signIn, type Window } from './browser.ts';
import { focused, tabTo } from './keys.ts';
import { sharedWholeHost, type WholeHost } from './whole-host.ts';

describe('The console by keyboard alone', function () {
  this.timeout(90_000);
  let whole: WholeHost;
  let window: Window;
  before(async () => {
    whole = await sharedWholeHost();
    window = await openWindow();
    await signIn(window, whole.host);
  });
  after(() => closeBrowser());

  it('makes a webhook and deletes it again; a question keeps the keyboard, and gives it back', async () => {
    const { page } = window;
    await page.goto(`${whole.host.url}/webhooks/new`);
    await settle(page);
    await tabTo(page, 'Name');
    await page.keyboard.type('By keys');
    await tabTo(page, 'Address that receives the events');
    await page.keyboard.type(whole.receiver.url);
    await tabTo(page, 'Event types');
    await page.keyboard.type('project.deleted');
    await page.getByRole('option', { name: 'project.deleted' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Create webhook');
    await page.keyboard.press('Enter');
    await page.getByText(/^whsec_/).waitFor();
    await tabTo(page, 'Open the webhook');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'By keys' }).waitFor();
    await tabTo(page, 'Delete');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let presses = 0; presses < 8; presses += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('Boolean(document.activeElement.closest("[role=dialog]"))')).to.equal(true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).to.equal('Delete');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, 'Delete');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/webhooks');
    const { webhooks } = (await whole.host.request('GET', '/webhooks')).body.content;
    expect(webhooks.map(({ name }: { name: string }) => name)).to.not.include('By keys');
  });
});
