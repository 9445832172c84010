// npm run screenshots [-- --only webhook,events] [--scheme light|dark] [--language en|zh-Hans|zh-Hant] [--width 390]
// A picture of every page in light and dark, English and both Chineses, into screenshots/, for people to look at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { closeBrowser, openWindow, settle, signIn } from './browser.ts';
import { startWholeHost } from './whole-host.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    scheme: { type: 'string' },
    language: { type: 'string' },
    width: { type: 'string' },
  },
});
const locales: Record<string, string> = { en: 'en', 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-TW' };
const bare: [string, string][] = [
  ['login', '/login'],
  ['setup', '/setup#token=of-the-start'],
  ['setup-without-link', '/setup'],
  ['invitation', '/invitation#token=of-an-invitation'],
];
const folder = join(import.meta.dirname, '../../screenshots');
mkdirSync(folder, { recursive: true });
const whole = await startWholeHost();
const width = values.width ? { width: Number(values.width) } : {};
let taken = 0;
try {
  const first = await openWindow();
  await signIn(first, whole.host);
  const cookies = await first.context.cookies();
  for (const [language, locale] of Object.entries(locales))
    for (const scheme of ['light', 'dark']) {
      if (values.language && values.language !== language) continue;
      if (values.scheme && values.scheme !== scheme) continue;
      const { page, context } = await openWindow({ locale, dark: scheme === 'dark', ...width });
      await context.addCookies(cookies);
      for (const [name, address] of [...whole.addresses, ...bare]) {
        if (values.only && !values.only.split(',').includes(name)) continue;
        await page.goto(whole.host.url + address);
        await settle(page);
        await page.screenshot({
          path: join(folder, `${[name, language, scheme, ...Object.values(width)].join('.')}.png`),
          fullPage: true,
        });
        taken++;
      }
      await context.close();
    }
} finally {
  await closeBrowser();
  await whole.remove();
}
console.log(`${taken} pictures in ${folder}`);
