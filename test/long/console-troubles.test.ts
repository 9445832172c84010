import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { closeBrowser, openWindow, settle, signIn, type Window } from '../console/browser.ts';
import { until } from '../console/sign-in.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { keys, packed } from '../registry/parts.ts';

const many = 120;
/** A field of every kind that a form has an input for. */
const fields = {
  word: { type: 'string', title: 'Word' },
  story: { type: 'string', title: 'Story', maxLength: 1000 },
  seal: { type: 'string', title: 'Seal', format: 'secret' },
  count: { type: 'integer', title: 'Count' },
  flag: { type: 'boolean', title: 'Flag' },
  colour: { type: 'string', title: 'Colour', enum: ['red', 'green'] },
  tones: { type: 'array', title: 'Tones', items: { type: 'string', enum: ['low', 'high'] } },
  tags: { type: 'array', title: 'Tags', items: { type: 'string' } },
  lines: {
    ...{ type: 'array', title: 'Lines' },
    items: { type: 'object', properties: { text: { type: 'string', title: 'Text' } } },
  },
  names: { type: 'object', title: 'Names', additionalProperties: { type: 'string' } },
  rest: { type: 'object', title: 'The rest' },
};
const sameForm = { title: 'Form', type: 'object', properties: { word: { type: 'string', title: 'The word' } } };
/** The way that `patchbay check` advises: forms that a constant tells apart. */
const ways = [
  {
    ...{ title: 'By mail', type: 'object', additionalProperties: false, required: ['kind', 'address'] },
    properties: {
      kind: { const: 'mail' },
      address: { type: 'string', title: 'Address', format: 'email' },
      copies: { type: 'integer', title: 'Copies', minimum: 1 },
    },
  },
  {
    ...{ title: 'To a file', type: 'object', additionalProperties: false, required: ['kind', 'path'] },
    properties: { kind: { const: 'file' }, path: { type: 'string', title: 'Path', pattern: '^/' } },
  },
];
const manifest = {
  name: '@e2e/trouble',
  display_name: 'Trouble',
  integration: { type: 'trouble', category: 'code', service_type: 'custom' },
  configuration: { type: 'object', properties: { delivery: { title: 'Delivery', oneOf: ways } } },
  permissions: [
    { name: 'schedule', reason: 'Does it later' },
    { name: 'storage', reason: 'Remembers whether it is well' },
    { name: 'network', hosts: ['https://vendor.example'], reason: 'Talks with the vendor' },
  ],
  auth: [
    {
      ...{ name: 'key', type: 'api_key', base_url: 'https://vendor.example', hosts: ['https://vendor.example'] },
      fields: { access_token: { type: 'string', title: 'Token', format: 'secret' } },
      inject: [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }],
    },
  ],
  actions: {
    greet: { title: 'Greet' },
    echo: { title: 'Say it again', input: { type: 'object', properties: fields } },
    unclear: {
      title: 'Fit two forms',
      input: { type: 'object', properties: { either: { title: 'Either', oneOf: [sameForm, sameForm] } } },
    },
    loop: { title: 'Loop' },
    later: { title: 'Do it later' },
    fail: { title: 'Fail until it is well' },
    heal: { title: 'Be well' },
  },
  streams: { things: { title: 'Things', primary_key: ['/id'], modes: ['full'], deletes: 'missing' } },
};
const handlers = `{
  connect: async () => ({ account: 'somebody' }),
  actions: {
    greet: async () => 'hello',
    echo: async (ctx, input) => input,
    unclear: async (ctx, input) => input,
    loop: async () => { for (;;); },
    later: async (ctx) => ctx.schedule({ handler: 'actions.fail', input: {}, after_s: 0 }),
    fail: async (ctx) => { if (!(await ctx.store.get('well'))) throw new Error('not well yet'); return 'well'; },
    heal: async (ctx) => { await ctx.store.set('well', true); return 'well'; },
  },
  streams: {
    async *things() { yield { upserts: Array.from({ length: ${many} }, (_, id) => ({ raw: { id: String(id) } })) }; },
  },
}`;

describe('The console helps where something is wrong', function () {
  this.timeout(600_000);
  let host: RunningHost;
  let window: Window;
  let plugin: string;
  let integration: string;
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await host.request(method, path, body ? { body } : {});
    expect(answer.body.code, `${method} ${path} ${answer.text}`).to.match(/^S1/);
    return answer.body.content;
  };
  const act = (action: string) => host.request('POST', `/plugins/${plugin}/actions/${action}`, { body: { input: {} } });
  const open = async (path: string) => {
    await window.page.goto(host.url + path);
    await settle(window.page);
    return window.page;
  };

  before(async () => {
    host = await startHost();
    await ask('POST', '/registry/publishers', { name: '@e2e', public_key: keys.public_key });
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-trouble-'));
    const bytes = await packed(folder, manifest, handlers);
    rmSync(folder, { recursive: true });
    await host.request('POST', '/registry/plugins', { bytes, headers: { 'content-type': 'application/gzip' } });
    plugin = (await ask('POST', '/plugins', { name: '@e2e/trouble', permissions: ['schedule', 'storage', 'network'] }))
      .id;
    integration = (
      await ask('POST', '/integrations', {
        ...{ integration_type: 'trouble', name: 'Things of somebody', configuration: {} },
        auth_config: { auth_type: 'api_key', access_token: 'a token' },
      })
    ).id;
    window = await openWindow();
    await signIn(window, host);
  });
  afterEach(() => {
    expect(window.complaints.splice(0)).to.deep.equal([]);
  });
  after(async () => {
    await closeBrowser();
    await host?.remove();
  });

  it('tries a job again that was given up, once what it needs is there', async () => {
    expect((await act('later')).status).to.equal(200);
    const dead = async () => (await ask('GET', '/jobs?state=dead')).jobs;
    await until(async () => (await dead()).length === 1, 120);
    const [job] = await dead();
    expect(job.error.message).to.contain('not well yet');
    expect((await act('heal')).status).to.equal(200);
    const page = await open('/health');
    const row = page.getByRole('row', { name: /What a plugin scheduled .*not well yet/ });
    await row.getByRole('button', { name: `Try again ${job.id}` }).click();
    await row.waitFor({ state: 'detached' });
    await until(
      async () => (await ask('GET', '/jobs')).jobs.find(({ id }: { id: string }) => id === job.id)?.state === 'done',
    );
    const { entries } = await ask('GET', '/audit?action=job.retried');
    expect(entries.map(({ target }: { target: { id: string } }) => target.id)).to.deep.equal([job.id]);
  });

  it('lets a plugin run again that was stopped for running away', async () => {
    const status = async () => (await ask('GET', `/plugins/${plugin}`)).status;
    // On a machine that is busy a call may be starved instead, for which nobody is blamed.
    for (let tries = 0; (await status()) === 'ok' && tries < 30; tries++) await act('loop');
    expect(await status()).to.equal('suspect');
    const page = await open(`/plugins/${plugin}`);
    await page.getByText(/strikes; the last one in actions\.loop/).waitFor();
    await page.getByText('Suspect', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Let it run again' }).click();
    await page.getByRole('button', { name: 'Let it run again' }).waitFor({ state: 'detached' });
    expect(await status()).to.equal('ok');
    expect((await act('greet')).body.content.output).to.equal('hello');
  });

  it('sends what a form of every kind of field was given', async () => {
    const page = await open(`/plugins/${plugin}`);
    const press = (name: string) => page.getByRole('button', { name, exact: true }).first().click();
    const field = (name: string) => page.getByRole('textbox', { name, exact: true });
    await page.getByLabel('Action', { exact: true }).selectOption('echo');
    await field('Word').fill('a word');
    await field('Story').fill('once');
    await field('Seal').fill('sealed');
    await press('Show what you type in Seal');
    expect(await field('Seal').getAttribute('type')).to.equal('text');
    await field('Count').fill('7');
    await page.getByRole('switch', { name: 'Flag' }).press(' ');
    await page.getByRole('combobox', { name: 'Colour' }).click();
    await page.getByRole('option', { name: 'green' }).click();
    // A hand meets the frame around it.
    await page.getByRole('combobox', { name: 'Tones' }).click({ force: true });
    await page.getByRole('option', { name: 'low' }).click();
    await page.getByRole('option', { name: 'high' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Tags' }).fill('one');
    await page.keyboard.press('Enter');
    await page.keyboard.type('two');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Backspace');
    // Three entries of a list: moved, and one taken out again.
    for (const text of ['first', 'second', 'third']) {
      await press('Add');
      await field('Text').last().fill(text);
    }
    await page.getByRole('button', { name: 'Move down', exact: true }).first().click();
    await page.getByRole('button', { name: 'Move up', exact: true }).last().click();
    await page.getByRole('button', { name: 'Remove', exact: true }).nth(2).click();
    await page.getByRole('button', { name: 'Add', exact: true }).nth(1).click();
    await page.getByRole('textbox', { name: /^Name of/ }).fill('ada');
    await page.keyboard.press('Tab');
    await field('ada').fill('Lovelace');
    await field('The rest').fill('{"more": [1]}');
    await press('Run');
    const answer = page.getByRole('status').filter({ hasText: 'Took' });
    await answer.waitFor();
    const given = {
      ...{ word: 'a word', story: 'once', seal: 'sealed', count: 7, flag: true, colour: 'green' },
      ...{ tones: ['low', 'high'], tags: ['one'], lines: [{ text: 'second' }, { text: 'third' }] },
      ...{ names: { ada: 'Lovelace' }, rest: { more: [1] } },
    };
    expect(JSON.parse((await answer.locator('pre').textContent()) ?? '')).to.deep.equal(given);
    const id = /inv_\w+/.exec((await answer.textContent()) ?? '')?.[0];
    expect((await ask('GET', `/invocations/${id}`)).status).to.equal('succeeded');

    // A choice between forms has no input of its own that could say what is wrong with it.
    await page.getByLabel('Action', { exact: true }).selectOption('unclear');
    await page.getByRole('combobox', { name: 'Either' }).click();
    await page.getByRole('option', { name: 'Form', exact: true }).first().click();
    await field('The word').fill('of both');
    await press('Run');
    await page.getByRole('alert').filter({ hasText: 'fits more than one of the allowed forms' }).first().waitFor();
    expect(window.complaints.splice(0)).to.have.length(1);
  });

  it('saves the form that was chosen of several, with nothing of the others, and says at its field what is wrong', async () => {
    const path = `/plugins/${plugin}/configuration`;
    const stored = async () => (await ask('GET', path)).configuration;
    const page = await open(`/plugins/${plugin}?tab=configuration`);
    const field = (name: string) => page.getByRole('textbox', { name, exact: true });
    const choice = page.getByRole('combobox', { name: 'Delivery' });
    const save = () => page.getByRole('button', { name: 'Save', exact: true }).click();
    // Nobody has to choose: what is optional stays unsaid.
    await save();
    await page.getByText('Saved.').waitFor();
    expect(await stored()).to.deep.equal({});

    await choice.click();
    await page.getByRole('option', { name: 'By mail' }).click();
    await field('Address').fill('nowhere');
    await field('Copies').fill('2');
    await save();
    await until(async () => (await field('Address').getAttribute('aria-invalid')) === 'true');
    await page.getByText(/must be a valid email/).waitFor();
    expect(await page.getByRole('alert').count()).to.equal(0);
    expect(await field('Copies').getAttribute('aria-invalid')).to.not.equal('true');
    expect([await field('Address').inputValue(), await field('Copies').inputValue()]).to.deep.equal(['nowhere', '2']);
    expect(await stored()).to.deep.equal({});
    expect(window.complaints.splice(0)).to.have.length(1);

    await field('Address').fill('ada@example.com');
    await save();
    await until(async () => (await stored()).delivery?.kind === 'mail');
    expect(await stored()).to.deep.equal({ delivery: { kind: 'mail', address: 'ada@example.com', copies: 2 } });

    await page.reload();
    await settle(page);
    await until(async () => (await choice.inputValue()) === 'By mail');
    await choice.click();
    await page.getByRole('option', { name: 'To a file' }).click();
    await field('Address').waitFor({ state: 'detached' });
    await field('Path').fill('/notes');
    await save();
    await until(async () => (await stored()).delivery?.kind === 'file');
    expect(await stored()).to.deep.equal({ delivery: { kind: 'file', path: '/notes' } });
    await page.reload();
    await settle(page);
    await until(async () => (await choice.inputValue()) === 'To a file');
    expect(await field('Path').inputValue()).to.equal('/notes');
  });

  it('shows further records, as many as there are', async () => {
    await ask('POST', `/integrations/${integration}/sync`, { sync_type: 'full' });
    await until(async () => (await ask('GET', `/integrations/${integration}/records`)).total === many, 60);
    const page = await open(`/integrations/${integration}?tab=records`);
    await page.getByText(`100 of ${many} records`).waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText(`${many} of ${many} records`).waitFor();
    await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
  });

  it('says in Chinese why it refuses, with the values in it', async () => {
    await ask('PATCH', `/plugins/${plugin}`, { is_enabled: false });
    const page = await open(`/plugins/${plugin}`);
    for (const [language, refusal] of [
      ['简体中文', '@e2e/trouble 已停用；请先启用'],
      ['繁體中文', '@e2e/trouble 已停用；請先啟用'],
      ['English', '@e2e/trouble is disabled; enable it first'],
    ] as const) {
      await page.getByRole('button', { name: /^(Language|语言|語言)/ }).click();
      await page.getByRole('menuitem', { name: language }).click();
      await page.getByRole('button', { name: /^(Run|运行|執行)$/ }).click();
      await page.getByRole('alert').getByText(refusal, { exact: true }).waitFor();
    }
    // Chromium tells of each 409.
    expect(window.complaints.splice(0).every((one) => one.includes('409'))).to.equal(true);
  });
});
