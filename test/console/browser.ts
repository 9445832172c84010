import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import { watchControls } from './controls/watch.ts';

export interface Window {
  page: Page;
  context: BrowserContext;
  /** what the browser complained of: console messages, uncaught errors, requests that failed or went elsewhere */
  complaints: string[];
}

let launched: Promise<Browser> | undefined;

/** One Chromium for all suites of a run; ended with the run. */
export function browser(): Promise<Browser> {
  launched ??= chromium.executablePath().then((executablePath) =>
    playwright.launch({
      executablePath,
      // No --disable-web-security and the like of the package's own list: the page must meet a real browser's rules.
      // console.example: a host under a name, by plain HTTP, where browsers withhold some of what localhost has.
      args: [
        ...['--no-sandbox', '--no-zygote', '--disable-dev-shm-usage', '--disable-gpu', '--headless=shell'],
        '--host-resolver-rules=MAP console.example 127.0.0.1',
      ],
    }),
  );
  return launched;
}

/** Closes the browser; the next use starts one anew. */
export async function closeBrowser(): Promise<void> {
  const open = launched;
  launched = undefined;
  await (await open)?.close();
}

/** A fresh window, as of somebody who was never here. */
export async function openWindow(options: { locale?: string; dark?: boolean; width?: number } = {}): Promise<Window> {
  const context = await (await browser()).newContext({
    locale: options.locale ?? 'en',
    colorScheme: options.dark ? 'dark' : 'light',
    viewport: { width: options.width ?? 1280, height: 900 },
    reducedMotion: 'reduce',
  });
  // The patience of a busy machine: a page that is there is not waited for.
  context.setDefaultTimeout(60_000);
  await watchControls(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const from = page.url();
    if (from.startsWith('http') && new URL(request.url()).origin !== new URL(from).origin)
      complaints.push(`went elsewhere: ${request.url()}`);
  });
  return { page, context, complaints };
}

/** Signs the host's admin in. */
export async function signIn({ page }: Window, host: { url: string; admin: { email: string; password: string } }) {
  await page.goto(`${host.url}/login`);
  await page.getByLabel('E-mail').fill(host.admin.email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(host.admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/marketplace');
}

/** Waits until a page is there and asks for nothing more that it needs to be drawn. */
export async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page
    .getByRole('status', { name: /^(Loading|加载中|載入中)$/ })
    .first()
    .waitFor({ state: 'detached' });
}
