import type { Window } from './browser.ts';

/** Signs somebody in by the console's own page. */
export async function signIn(
  { page }: Window,
  site: string,
  { email, password }: { email: string; password: string },
): Promise<void> {
  await page.goto(`${site}/login`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/marketplace');
}

/** Asks until it is so. @throws after so many seconds */
export async function until(isSo: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await isSo()); ) {
    if (Date.now() > end) throw new Error(`not so within ${seconds} s: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
