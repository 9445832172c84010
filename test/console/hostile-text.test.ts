import { expect } from 'chai';
import { attacks, hostileIn, seeEveryPage } from './attacks.ts';
import { closeBrowser, openWindow, signIn, type Window } from './browser.ts';
import { startWholeHost, type WholeHost } from './whole-host.ts';

describe('Text of strangers in the console', function () {
  this.timeout(300_000);
  let whole: WholeHost;
  let window: Window;
  const used = new Set<string>();

  before(async () => {
    whole = await startWholeHost(hostileIn(0, used));
    window = await openWindow();
    await signIn(window, whole.host);
  });
  after(async () => {
    await closeBrowser();
    await whole?.remove();
  });

  it('stays text on every page that shows it, whoever wrote it: a publisher, a vendor, a user', async () => {
    const seen = await seeEveryPage(whole, window.page, window.complaints);
    // Each place was really shown somewhere, or the test would prove nothing.
    expect([...used].filter((place) => !seen.has(place) && !unseen.includes(place))).to.deep.equal([]);
  });

  it('stays text in an action’s answer and in its failure', async () => {
    const { page, complaints } = window;
    await page.goto(`${whole.host.url}/plugins/${whole.plugin}`);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.locator('pre', { hasText: '«output»' }).waitFor();
    await page.locator('input[role=switch][name=fail]').click({ force: true });
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('alert').getByText('«error»').first().waitFor();
    expect(await page.evaluate('window.ran')).to.equal(undefined);
    expect(complaints.splice(0), 'the failure’s own status').to.have.length(1);
  });

  it('is tried with more than a hundred attacks, all of them by npm run test:long -- --only console', () => {
    expect(new Set(attacks).size).to.be.greaterThan(100);
  });
});

/** What no page shows without a click of its own; the second test and `work.test.ts` press those buttons. */
const unseen = ['output', 'title'];
