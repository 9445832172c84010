import { expect } from 'chai';
import { hostileIn, roundsOfAttacks, seeEveryPage } from '../console/attacks.ts';
import { violations } from '../console/axe.ts';
import { closeBrowser, openWindow, settle, signIn } from '../console/browser.ts';
import { startWholeHost, type WholeHost } from '../console/whole-host.ts';

const rounds = Number(process.env.ROUNDS ?? roundsOfAttacks);

describe('the console, with every attack in every text', () => {
  after(() => closeBrowser());
  for (let round = 0; round < rounds; round += 1) {
    it(`round ${round + 1} of ${roundsOfAttacks}: nothing runs on any page`, async () => {
      const hostile = hostileIn(round, new Set());
      const whole = await startWholeHost(hostile);
      try {
        const window = await openWindow();
        await signIn(window, whole.host);
        const seen = await seeEveryPage(whole, window.page, window.complaints);
        expect(seen.size).to.be.greaterThan(20);
        expect([...seen]).to.include.members(['publisher', 'other_workspace']);
        const path = '/registry/plugins/@acme%2Fnotes/versions/1.0.0/yank';
        await whole.host.request('POST', path, { body: { reason: hostile('withdrawal') } });
        const addresses = whole.addresses.filter(([name]) => name === 'plugins' || name === 'plugin');
        const after = await seeEveryPage({ ...whole, addresses }, window.page, window.complaints);
        expect([...after]).to.include('withdrawal');
        await window.context.close();
      } finally {
        await whole.remove();
      }
    });
  }
});

describe('the console, for axe', () => {
  let whole: WholeHost;
  before(async () => {
    whole = await startWholeHost();
  });
  after(async () => {
    await closeBrowser();
    await whole.remove();
  });
  for (const locale of ['en', 'zh-CN', 'zh-TW'])
    for (const dark of [false, true])
      for (const width of [390, 1280])
        it(`has no violation in ${locale}, ${dark ? 'dark' : 'light'}, ${width} px wide`, async () => {
          const first = await openWindow();
          await signIn(first, whole.host);
          const window = await openWindow({ locale, dark, width });
          await window.context.addCookies(await first.context.cookies());
          await first.context.close();
          const found: string[] = [];
          for (const [name, address] of [...whole.addresses, ['login', '/login']]) {
            await window.page.goto(whole.host.url + address);
            await settle(window.page);
            const sideways = Number(await window.page.evaluate('document.documentElement.scrollWidth - innerWidth'));
            if (sideways > 0) found.push(`${name} is ${sideways} px wider than its window`);
            found.push(...(await violations(window.page)).map((one) => `${name}: ${one}`));
          }
          expect(found).to.deep.equal([]);
          expect(window.complaints).to.deep.equal([]);
          await window.context.close();
        });
});
