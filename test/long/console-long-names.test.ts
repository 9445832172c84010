import { expect } from 'chai';
import { closeBrowser, openWindow, settle, signIn } from '../console/browser.ts';
import { type Say, startWholeHost, type WholeHost } from '../console/whole-host.ts';

/** One long word, a script that is read from the right, and signs that are several characters each. */
const kinds = ['W'.repeat(200), 'اسم طويل جدا لهذا المشروع الكبير '.repeat(8), '🚀👩‍👩‍👧‍👦'.repeat(25)];
/** The longest that the host takes there. */
const most: Record<string, number> = {
  description: 200,
  package: 60,
  publisher: 60,
  project: 90,
  webhook: 90,
  key: 90,
};

function longNames(): Say {
  let turn = 0;
  return (place) =>
    [...(kinds[turn++ % kinds.length] ?? '')]
      .slice(0, most[place] ?? 55)
      .join('')
      .trim();
}

/** How much wider than its window the page is, and what sticks out of it. */
const sideways = `(() => {
  const scrolls = (element) => {
    for (let around = element.parentElement; around; around = around.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(around).overflowX)) return true;
    return false;
  };
  const out = [...document.querySelectorAll('main *')].filter(
    (one) => one.getBoundingClientRect().right > innerWidth + 1 && !scrolls(one),
  );
  return [document.documentElement.scrollWidth - innerWidth, out.slice(0, 2).map((one) => one.outerHTML.slice(0, 80))];
})()`;

describe('Names as long as they may be', function () {
  this.timeout(1_200_000);
  let whole: WholeHost;
  before(async () => {
    whole = await startWholeHost(longNames());
  });
  after(async () => {
    await closeBrowser();
    await whole?.remove();
  });

  // 640 is what a window of 1280 has left at a zoom of 200 %.
  for (const width of [1280, 640, 390])
    it(`widen no page of a window of ${width} pixels`, async () => {
      const window = await openWindow({ width });
      await signIn(window, whole.host);
      const wide: string[] = [];
      for (const [name, address] of whole.addresses) {
        await window.page.goto(whole.host.url + address);
        await settle(window.page);
        const [by, what] = (await window.page.evaluate(sideways)) as [number, string[]];
        if (by > 0 || what.length > 0) wide.push(`${name} by ${by}: ${what.join(' ')}`);
      }
      expect(wide).to.deep.equal([]);
      expect(window.complaints).to.deep.equal([]);
      await window.context.close();
    });
});
