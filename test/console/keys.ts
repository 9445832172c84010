import type { Page } from 'playwright-core';
import { until } from './sign-in.ts';

/** What a screen reader would call the element that has the keyboard. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const one = document.activeElement;
    const words = one.getAttribute('aria-label') || (one.labels && one.labels[0] && one.labels[0].innerText) || one.innerText || '';
    return words.replace(/\\s*\\*\\s*$/, '').trim();
  })()`);
}

/** Presses Tab until the keyboard is at what is called so, or begins so. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab');
    const here = await focused(page);
    if (typeof name === 'string' ? here === name : name.test(here)) return;
    passed.push(here);
  }
  throw new Error(`Tab never comes to ${name}; it came to ${[...new Set(passed)].join(', ')}`);
}

/**
 * Answers a question by keyboard alone: it opens and has the keyboard, keeps it, goes away by Escape, Cancel and Close and gives
 * the keyboard back, and does what it asks about at last.
 *
 * @param name of the button that asks, which is also that of the one that does it
 * @param reason what to give as one, where one is asked for
 * @param isMeant whether to do it in the end
 */
export async function answer(page: Page, name: string, reason?: string, isMeant = true): Promise<void> {
  const dialog = page.getByRole('dialog');
  const has = (where: string) => page.evaluate<boolean>(`Boolean(document.activeElement.closest('${where}'))`);
  const open = async () => {
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await until(() => has('[role=dialog]'));
  };
  const isBack = async (how: string) => {
    await dialog.waitFor({ state: 'detached' });
    const here = await focused(page);
    if (here !== name) throw new Error(`after ${how} the keyboard is at "${here}", not at ${name}`);
  };
  await tabTo(page, name);
  await open();
  for (let presses = 0; presses < 8; presses += 1) {
    await page.keyboard.press('Tab');
    if (!(await has('[role=dialog]'))) throw new Error(`the question of ${name} lets the keyboard out`);
  }
  await page.keyboard.press('Escape');
  await isBack('Escape');
  await open();
  for (const way of ['Cancel', 'Close']) {
    await tabTo(page, way);
    await page.keyboard.press('Enter');
    await isBack(way);
    await open();
  }
  if (!isMeant) {
    await page.keyboard.press('Escape');
    return isBack('Escape');
  }
  if (reason !== undefined) {
    if ((await focused(page)) !== 'Reason') throw new Error(`${name} asks for a reason, and does not begin there`);
    await page.keyboard.type(reason);
  }
  await tabTo(page, name);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' }).catch(async (cause) => {
    throw new Error(`${name} stays a question: ${await dialog.innerText()}`, { cause });
  });
  // What asked may be gone; then the keyboard is on the page, and not before it.
  await until(() => page.evaluate<boolean>('document.activeElement !== document.body'));
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
