import { expect } from 'chai';
import { violations } from './axe.ts';
import { closeBrowser, openWindow, settle, signIn, type Window } from './browser.ts';
import { sharedWholeHost, type WholeHost } from './whole-host.ts';

describe('Every page of the console', function () {
  this.timeout(300_000);
  let whole: WholeHost;
  let light: Window;
  let dark: Window;
  before(async () => {
    whole = await sharedWholeHost();
    light = await openWindow();
    await signIn(light, whole.host);
    dark = await openWindow({ dark: true, locale: 'zh-TW', width: 390 });
    await dark.context.addCookies(await light.context.cookies());
  });
  after(() => closeBrowser());

  it('is without violation for axe, fits its window and leaves the browser’s console empty', async () => {
    const found: string[] = [];
    // All pages in all languages and schemes are in test/long; here each is seen once, every other one dark on a phone.
    for (const [index, [name, address]] of [...whole.addresses, ['login', '/login']].entries()) {
      const { page, complaints } = index % 2 ? dark : light;
      await page.goto(whole.host.url + address);
      await settle(page);
      const sideways = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
      if (sideways > 0) found.push(`${name} is ${sideways} px wider than its window`);
      found.push(...(await violations(page)).map((one) => `${name}: ${one}`));
      found.push(...complaints.splice(0).map((one) => `${name}: ${one}`));
    }
    expect(found).to.deep.equal([]);
  });

  it('speaks the reader’s language throughout: no text of another one is on it', async () => {
    const { page } = dark;
    await page.goto(`${whole.host.url}/webhooks`);
    await settle(page);
    expect(await page.title()).to.equal('Webhook · Patchbay');
    await page.goto(`${whole.host.url}/members`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).to.equal('成員');
    expect(await page.evaluate('document.documentElement.lang')).to.equal('zh-Hant');
  });
});
