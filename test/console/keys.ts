import type { Page } from 'playwright-core';

/** What a screen reader would call the element that has the keyboard. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const one = document.activeElement;
    const words = one.getAttribute('aria-label') || (one.labels && one.labels[0] && one.labels[0].innerText) || one.innerText || '';
    return words.replace(/\\s*\\*\\s*$/, '').trim();
  })()`);
}

/** Presses Tab until the keyboard is at what is called so. */
export async function tabTo(page: Page, name: string): Promise<void> {
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
export async function unreachable(page: Page): Promise<string[]> {
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
