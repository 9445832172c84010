import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { generateKeys, pack } from '../../sdk/package/index.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { closeBrowser, openWindow, type Window } from './browser.ts';

/** Each would set `window.ran` or fetch from elsewhere, if the place that shows it took it for more than text. */
const attacks = [
  '<script>window.ran=1</script>',
  '<img src=x onerror="window.ran=1">',
  '<svg onload="window.ran=1"></svg>',
  '"><img src=https://evil.example/p.gif onerror=window.ran=1>',
  "'-(window.ran=1)-'",
  '{{constructor.constructor("window.ran=1")()}}',
  '</title><script>window.ran=1</script>',
  '<iframe srcdoc="<script>parent.ran=1</script>"></iframe>',
  '<a href="javascript:window.ran=1">x</a>',
  '<style>@import "https://evil.example/x.css";</style>',
];
const all = attacks.join(' ');

describe('Text of strangers in the console', function () {
  this.timeout(90_000);
  let host: RunningHost;
  let window: Window;
  let plugin: string;

  before(async () => {
    host = await startHost();
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-hostile-'));
    const handler = `async (ctx, input) => { ctx.log.info(${JSON.stringify(all)}, { said: ${JSON.stringify(all)} }); if (input.fail) throw new Error(${JSON.stringify(all)}); return { said: ${JSON.stringify(all)} }; }`;
    writeFileSync(join(folder, 'plugin.json'), JSON.stringify(hostileManifest()));
    writeFileSync(
      join(folder, 'plugin.js'),
      `export default { manifest: ${JSON.stringify(hostileManifest())}, handlers: { actions: { shout: ${handler} } } };\n`,
    );
    writeFileSync(
      join(folder, 'README.md'),
      `# ${attacks[0]}\n\n${attacks.map((one) => `- ${one}\n`).join('')}\n${links}`,
    );
    writeFileSync(join(folder, 'CHANGELOG.md'), `${attacks.join('\n\n')}\n\n${links}`);
    writeFileSync(join(folder, 'LICENSE'), 'MIT');
    const keys = generateKeys();
    const { bytes } = await pack(folder, { privateKey: keys.private_key });
    rmSync(folder, { recursive: true });
    await host.request('POST', '/registry/publishers', {
      body: { name: '@hostile', display_name: 'Hostile', public_key: keys.public_key },
    });
    const published = await host.request('POST', '/registry/plugins', {
      bytes,
      headers: { 'content-type': 'application/gzip' },
    });
    expect(published.body.code, published.text).to.equal('S10000');
    const installed = await host.request('POST', '/plugins', {
      body: { name: '@hostile/texts', permissions: ['storage'] },
    });
    expect(installed.status, installed.text).to.equal(201);
    plugin = installed.body.content.id;
    const run = (input: object) => host.request('POST', `/plugins/${plugin}/actions/shout`, { body: { input } });
    await run({});
    await run({ fail: true });
    window = await openWindow();
    await window.page.goto(`${host.url}/login`);
    await window.page.getByLabel('E-mail').fill(host.admin.email);
    await window.page.getByRole('textbox', { name: 'Password', exact: true }).fill(host.admin.password);
    await window.page.getByRole('button', { name: 'Sign in' }).click();
    await window.page.waitForURL('**/marketplace');
  });
  after(async () => {
    await closeBrowser();
    await host?.remove();
  });

  const places: [string, () => string][] = [
    ['the marketplace', () => '/marketplace?search=texts'],
    ['a plugin’s description', () => '/marketplace/@hostile/texts'],
    ['its permissions', () => '/marketplace/@hostile/texts?tab=permissions'],
    ['what it offers', () => '/marketplace/@hostile/texts?tab=offers'],
    ['its changelog', () => '/marketplace/@hostile/texts?tab=changelog'],
    ['the consent', () => '/install/@hostile/texts'],
    ['the list of plugins', () => '/plugins'],
    ['its actions', () => `/plugins/${plugin}`],
    ['its settings', () => `/plugins/${plugin}?tab=configuration`],
    ['its grants', () => `/plugins/${plugin}?tab=grants`],
    ['its calls', () => `/plugins/${plugin}?tab=invocations`],
    ['its logs', () => `/plugins/${plugin}?tab=logs`],
    ['a refusal in the address', () => `/integrations?error=${encodeURIComponent(all)}`],
  ];
  for (const [name, address] of places)
    it(`stays text in ${name}`, async () => {
      const { page, complaints } = window;
      await page.goto(host.url + address());
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' });
      // The text is really there, or the test would prove nothing.
      await page.locator('main').getByText('ran=1').or(page.locator('main input[value*="ran=1"]')).first().waitFor();
      await harmless(page);
      expect(complaints).to.deep.equal([]);
    });

  it('stays text in an action’s answer and in its failure', async () => {
    const { page, complaints } = window;
    await page.goto(`${host.url}/plugins/${plugin}`);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.locator('pre', { hasText: 'window.ran=1' }).waitFor();
    await harmless(page);
    await page.locator('input[role=switch][name=fail]').click({ force: true });
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('alert').getByText('window.ran=1').first().waitFor();
    await harmless(page);
    expect(complaints.splice(0), 'the failure’s own status').to.have.length(1);
  });
});

const links =
  '[x](javascript:window.ran=1) [y](data:text/html,<script>parent.ran=1</script>) ![z](https://evil.example/z.png)';

/** Nothing ran, no element came of a text, no address but ours and those of the web is a link. */
async function harmless(page: Window['page']): Promise<void> {
  expect(await page.evaluate('window.ran')).to.equal(undefined);
  const found = await page.evaluate(`({
    elements: document.querySelectorAll('iframe, script:not([src]), img[onerror], svg[onload], object, embed').length,
    links: [...document.querySelectorAll('a')].map((a) => a.protocol).filter((one) => !/^(https?|mailto):$/.test(one)),
    images: [...document.querySelectorAll('img')].map((one) => one.src).filter((one) => one.includes('evil')),
  })`);
  expect(found).to.deep.equal({ elements: 0, links: [], images: [] });
}

function hostileManifest(): object {
  return {
    manifest_version: 1,
    name: '@hostile/texts',
    version: '1.0.0',
    display_name: `Texts ${attacks[1]}`,
    description: all,
    license: 'MIT',
    author: 'x',
    permissions: [{ name: 'storage', reason: all }],
    configuration: {
      type: 'object',
      properties: { word: { type: 'string', title: all, description: all, default: all, examples: [all] } },
    },
    actions: {
      shout: {
        title: all,
        description: all,
        input: { type: 'object', properties: { fail: { type: 'boolean', title: attacks[2] } } },
      },
    },
  };
}
