import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { closeBrowser, openWindow, settle, signIn, type Window } from './browser.ts';
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
    await tabTo(page, 'Create the webhook');
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

/** What a screen reader would call the element that has the keyboard. */
function focused(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const one = document.activeElement;
    const words = one.getAttribute('aria-label') || (one.labels && one.labels[0] && one.labels[0].innerText) || one.innerText || '';
    return words.replace(/\\s*\\*\\s*$/, '').trim();
  })()`);
}

/** Presses Tab until the keyboard is at what is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab');
    const here = await focused(page);
    if (here === name) return;
    passed.push(here);
  }
  throw new Error(`Tab never comes to ${name}; it came to ${[...new Set(passed)].join(', ')}`);
}

/** Which of the visible inputs, buttons and links Tab does not come to, in one round through the page. */
async function unreachable(page: Page): Promise<string[]> {
  const count = Number(
    await page.evaluate(`(() => {
      const usable = 'a[href], button, input, select, textarea, [tabindex="0"]';
      const all = [...document.querySelectorAll(usable)].filter((one) =>
        !one.disabled && one.tabIndex >= 0 && one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden');
      for (const one of all) one.dataset.wanted = 'yes';
      document.activeElement.blur();
      return all.length;
    })()`),
  );
  // More often than there are elements: an input of a time takes Tab once for each of its parts.
  for (let presses = 0; presses < count + 20; presses += 1) {
    await page.keyboard.press('Tab');
    await page.evaluate('delete document.activeElement.dataset.wanted');
  }
  return page.evaluate('[...document.querySelectorAll("[data-wanted]")].map((one) => one.outerHTML.slice(0, 120))');
}
