import { appendFileSync } from 'node:fs';
import type { BrowserContext } from 'playwright-core';

/** Where it is written down what a console that was built with `tagControls` shows, and what of it is used. */
const file = process.env.PATCHBAY_CONTROLS;
let test = '';

/** What mocha needs to know of this: which test it is that uses something. */
export const mochaHooks = {
  beforeEach(this: Mocha.Context) {
    test = this.currentTest?.fullTitle() ?? '';
  },
};

/** Writes down what is shown and used in each of a context's pages. */
export async function watchControls(context: BrowserContext): Promise<void> {
  if (!file) return;
  await context.exposeBinding('controlsSeen', (_, lines: object[]) => {
    appendFileSync(file, lines.map((line) => `${JSON.stringify({ ...line, test })}\n`).join(''));
  });
  await context.addInitScript(script);
}

const script = `(() => {
  const usable = 'a[href], button, input, select, textarea, [role=option], [role=menuitem], form';
  const known = new Set();
  // The components around an element, by the property that the build gave them: the inmost one first.
  const sourceOf = (element) => {
    const key = Object.keys(element).find((one) => one.startsWith('__reactFiber$'));
    const chain = [];
    for (let fiber = element[key]; fiber; fiber = fiber.return) {
      const at = fiber.memoizedProps && fiber.memoizedProps['data-control'];
      if (at && chain.at(-1) !== at) chain.push(at);
    }
    return chain;
  };
  const nameOf = (one) => (one.getAttribute('aria-label') || (one.labels && one.labels[0] && one.labels[0].innerText)
    || one.innerText || one.placeholder || '').trim().replace(/\\s+/g, ' ').slice(0, 60);
  const kindOf = (one) => one.getAttribute('role') || (one.type && one.tagName === 'INPUT' ? 'input ' + one.type : one.tagName.toLowerCase());
  const tell = (what, element) => {
    const chain = sourceOf(element);
    if (chain.length === 0) return;
    const line = { what, chain, kind: kindOf(element), name: nameOf(element), page: location.pathname,
      isAside: element.getAttribute('aria-hidden') === 'true' };
    const id = JSON.stringify([what, chain, line.kind, what === 'shown' ? '' : line.name]);
    if (known.has(id)) return;
    known.add(id);
    window.controlsSeen([line]);
  };
  for (const event of ['click', 'change', 'submit', 'input'])
    addEventListener(event, ({ target }) => {
      const element = target instanceof Element && target.closest(usable);
      if (!element) return;
      // Pressing a field is no use of it, filling it is.
      const isField = element.matches('textarea, select, input:not([type=checkbox], [type=radio], [role=combobox])');
      if (event === 'click' && (isField || element.tagName === 'FORM')) return;
      tell('used', element);
    }, true);
  const look = () => {
    for (const one of document.querySelectorAll(usable)) if (one.getClientRects().length > 0) tell('shown', one);
  };
  let waiting = 0;
  new MutationObserver(() => { waiting ||= setTimeout(() => { waiting = 0; look(); }, 100); }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled', 'class', 'style'] });
})()`;
