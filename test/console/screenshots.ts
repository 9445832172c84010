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
/** Two characters look alike only where both are drawn as the box that stands for a missing one. */
const drawsChinese = `(() => {
  const draw = (text) => {
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d');
    pen.font = '20px sans-serif';
    pen.fillText(text, 0, 20);
    return canvas.toDataURL();
  };
  return draw('中') !== draw('文');
})()`;
const folder = join(import.meta.dirname, '../../screenshots');
mkdirSync(folder, { recursive: true });
const whole = await startWholeHost();
const width = values.width ? { width: Number(values.width) } : {};
let taken = 0;
try {
  const first = await openWindow();
  await signIn(first, whole.host);
  const cookies = await first.context.cookies();
  if (!(await first.page.evaluate(drawsChinese)))
    console.warn(
      'No font here has Chinese: boxes stand for it. Add one (fonts-wqy-zenhei, Noto Sans CJK) to look at it.',
    );
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
