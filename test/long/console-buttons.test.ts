import { expect } from 'chai';
import { generateKeys } from '../../sdk/package/index.ts';
import { closeBrowser, openWindow, type Window } from '../console/browser.ts';
import { packNotes } from '../console/notes-plugin.ts';
import { signIn, until } from '../console/sign-in.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { type SignInVendor, startSignInVendor } from '../vendors/sign-in-vendor.ts';

const keys = generateKeys();

describe('The buttons of the console’s pages for plugins, projects and accounts do what the API then tells', function () {
  this.timeout(600_000);
  let host: RunningHost;
  let vendor: SignInVendor;
  let window: Window;
  let site: string;
  let hello: string;
  let notes: string;
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await host.request(method, path, body ? { body } : {});
    expect(answer.body.code, `${method} ${path} ${answer.text}`).to.equal('S10000');
    return answer.body.content;
  };
  const get = (path: string) => ask('GET', path);
  const open = (path: string) => window.page.goto(site + path);

  before(async () => {
    host = await startHost({ env: { PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' } });
    site = host.url.replace('127.0.0.1', 'localhost');
    vendor = await startSignInVendor(`${site}/api/v1/auth/notes/callback`);
    await ask('POST', '/registry/publishers', { name: '@e2e', public_key: keys.public_key });
    for (const version of ['1.0.0', '1.1.0']) {
      const bytes = await packNotes(vendor.url, version, keys);
      await host.request('POST', '/registry/plugins', { bytes, headers: { 'content-type': 'application/gzip' } });
    }
    hello = (await ask('POST', '/plugins', { name: '@patchbay/hello', permissions: ['storage'] })).id;
    notes = (
      await ask('POST', '/plugins', { name: '@e2e/notes', version: '1.0.0', permissions: ['network', 'events:emit'] })
    ).id;
    window = await openWindow();
    await signIn(window, site, host.admin);
  });
  afterEach(() => {
    expect(window.complaints).to.deep.equal([]);
  });
  after(async () => {
    await closeBrowser();
    await host?.remove();
    vendor?.close();
  });

  it('narrow the marketplace, and show all again', async () => {
    const { page } = window;
    const { total } = await get('/plugins/marketplace');
    await open('/marketplace');
    await page
      .getByRole('article')
      .nth(total - 1)
      .waitFor();
    await page.getByRole('switch', { name: 'Verified only' }).click({ force: true });
    await page.waitForURL('**/marketplace?verified=true');
    await until(async () => (await page.getByRole('article').count()) === total - 1);
    await page.getByRole('switch', { name: 'Runs on this host' }).click({ force: true });
    await page.waitForURL('**compatible=true**');
    await page.getByRole('button', { name: 'Show all again' }).click();
    await until(async () => (await page.getByRole('article').count()) === total);
    await page.getByLabel('Publisher').selectOption('@e2e');
    await until(async () => (await page.getByRole('article').count()) === 1);
    await page.getByLabel('Sort by').selectOption('name');
    await page.waitForURL('**sort_by=name**');
  });

  it('write, change and take back a review', async () => {
    const { page } = window;
    const reviews = async () =>
      (await get('/registry/plugins/%40patchbay%2Fhello/reviews')).reviews.map(
        ({ rating, text }: { rating: number; text: string }) => `${rating} ${text}`,
      );
    await open('/marketplace/@patchbay/hello?tab=reviews');
    const stars = await page.locator('form .mantine-Rating-root').boundingBox();
    expect(stars).to.not.equal(null);
    // As a hand does it: in the middle of the fourth of five.
    if (stars) await page.mouse.click(stars.x + stars.width * 0.7, stars.y + stars.height / 2);
    await page.getByRole('textbox', { name: 'What would you tell others?' }).fill('It greets.');
    await page.getByRole('button', { name: 'Publish review' }).click();
    await page.getByRole('article').getByText('It greets.').waitFor();
    expect(await reviews()).to.deep.equal(['4 It greets.']);
    await page.getByRole('textbox', { name: 'What would you tell others?' }).fill('It greets well.');
    await page.getByRole('button', { name: 'Change review' }).click();
    await page.getByRole('article').getByText('It greets well.').waitFor();
    expect(await reviews()).to.deep.equal(['4 It greets well.']);
    await page.getByRole('button', { name: 'Withdraw review' }).click();
    await page.getByText('No reviews yet').waitFor();
    expect(await reviews()).to.deep.equal([]);
  });

  it('set what may happen to a plugin by itself', async () => {
    const { page } = window;
    await open(`/plugins/${hello}?tab=version`);
    await page.getByLabel('Upgrade automatically').selectOption('patch');
    await until(async () => (await get(`/plugins/${hello}`)).auto_upgrade === 'patch');
    for (const [name, field] of [
      ['Pinned', 'pinned'],
      ['Interpreter only', 'jitless'],
    ] as const) {
      const box = page.getByRole('switch', { name });
      // The one before is under way until the page has read it anew.
      await until(() => box.isEnabled());
      await box.click({ force: true });
      await until(async () => (await get(`/plugins/${hello}`))[field] === true);
    }
    // Calls are recorded from the start.
    for (const isRecording of [false, true]) {
      const box = page.getByRole('switch', { name: 'Record calls', checked: !isRecording });
      await until(() => box.isEnabled());
      await box.click({ force: true });
      await until(async () => (await get(`/plugins/${hello}`)).is_recording === isRecording);
    }
  });

  it('try a release with some projects, and end the trial', async () => {
    const { page } = window;
    await open(`/plugins/${notes}/upgrade`);
    await page.getByRole('checkbox', { name: /Counts what it added/ }).check();
    await page.getByRole('switch', { name: /Try it with a part/ }).click({ force: true });
    await page.getByRole('textbox', { name: 'Share of the projects' }).fill('50');
    await page.getByRole('textbox', { name: 'Minutes' }).fill('30');
    await page.getByRole('button', { name: 'Start the trial' }).click();
    await page.getByText('1.1.0 is on trial with 50% of the projects').waitFor();
    expect(await get(`/plugins/${notes}/canary`)).to.include({ version: '1.1.0', percent: 50 });
    await page.getByRole('button', { name: 'End the trial' }).click();
    await until(async () => (await get(`/plugins/${notes}`)).canary_version === null);
    await page.getByRole('button', { name: 'End the trial' }).waitFor({ state: 'detached' });
  });

  it('show usage, calls, a trace with its replay command, and logs as they come', async () => {
    const { page } = window;
    await open(`/plugins/${hello}?tab=logs`);
    await page.getByText('Listening').waitFor();
    await ask('POST', `/plugins/${hello}/actions/greet`, { input: { name: 'Grace' } });
    await page.getByText('greeting somebody').waitFor();
    await page.getByRole('switch', { name: 'Live' }).click({ force: true });
    await page.getByText('Stopped').waitFor();
    await page.getByLabel('Level').selectOption('error');
    await page.getByText('No log lines').waitFor();
    await page.getByRole('tab', { name: 'Usage' }).click();
    await page.getByRole('img', { name: 'Calls: 1 in all, 0 failed' }).waitFor();
    await page.getByRole('tab', { name: 'Calls' }).click();
    await page.getByLabel('State').selectOption('failed');
    await page.getByText('No calls yet').waitFor();
    await page.getByLabel('State').selectOption('');
    await page.getByRole('link', { name: 'actions.greet' }).click();
    const id = new URL(page.url()).pathname.split('/').at(-1);
    await page.getByText(`npx patchbay replay ${id}`).waitFor();
    await page.getByRole('button', { name: 'Copy the command' }).waitFor();
    await page.getByText('It asked nothing of the host.').waitFor();
    await open(`/plugins/${hello}?tab=grants`);
    await page.getByRole('row', { name: /storage Yes Never/ }).waitFor();
  });

  it('make, rename and delete a project', async () => {
    const { page } = window;
    const names = async () => (await get('/projects')).projects.map(({ name }: { name: string }) => name);
    await open('/projects');
    await page.getByRole('textbox', { name: 'Name' }).fill('Blue');
    await page.getByRole('button', { name: 'Create project' }).click();
    await page.getByRole('button', { name: 'Rename Blue' }).click();
    await page.getByRole('textbox', { name: 'New name of Blue' }).fill('Green');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Rename Green' }).waitFor();
    expect(await names())
      .to.include('Green')
      .and.not.include('Blue');
    await page.getByRole('row', { name: /Green/ }).getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Rename Green' }).waitFor({ state: 'detached' });
    expect(await names()).to.not.include('Green');
  });

  it('set for one project what the workspace says otherwise, side by side, and go back in its history', async () => {
    const { page } = window;
    const { id: project } = await ask('POST', '/projects', { name: 'Red' });
    const path = `/plugins/${notes}/configuration`;
    const own = async () => get(`${path}?project_id=${project}`);
    await ask('POST', path, { configuration: { prefix: 'W: ', stamp: 'of the workspace' } });
    await open(`/projects/${project}`);
    await page.getByRole('link', { name: 'Notes', exact: true }).click();
    await page.getByText('This project says nothing of its own yet').waitFor();
    const prefix = page.getByRole('textbox', { name: 'Prefix' });
    expect(await prefix.inputValue(), 'a project is not filled with defaults').to.equal('');
    const save = async (revision: number) => {
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('status').getByText(`Revision ${revision}`).waitFor();
    };
    await prefix.fill('P: ');
    await save(1);
    expect((await own()).configuration).to.deep.equal({ prefix: 'P: ' });
    expect((await own()).effective).to.deep.equal({ prefix: 'P: ', stamp: '••••' });
    await page.getByRole('row', { name: /Prefix.*W: .*P: .*P: .*The project/ }).waitFor();
    await page.getByRole('row', { name: /Stamp.*••••.*The workspace/ }).waitFor();
    await page.getByRole('textbox', { name: 'Stamp', exact: true }).fill('of the project');
    await save(2);
    await page.getByText('A value is kept and is never shown.').waitFor();
    await page.getByRole('button', { name: 'Take away Stamp' }).click();
    await page.getByRole('button', { name: 'Keep Stamp after all' }).click();
    await page.getByRole('button', { name: "Take the workspace's Prefix" }).click();
    await page.getByRole('status').getByText('Revision 3').waitFor();
    expect((await own()).configuration).to.deep.equal({ stamp: '••••' });
    await page.getByRole('button', { name: 'Restore revision 1', exact: true }).click();
    await page.getByRole('status').getByText('Revision 4').waitFor();
    expect((await own()).configuration).to.deep.equal({ prefix: 'P: ' });
    // By keyboard: below the page's head a click would not reach it.
    await page.getByRole('switch', { name: 'This project may use the plugin' }).press(' ');
    await until(async () => (await own()).is_active === false);
    await page.getByRole('status').getByText('Revision 5').waitFor();
    await page.getByRole('button', { name: 'Forget these settings' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget these settings' }).click();
    await page.getByText('This project says nothing of its own yet').waitFor();
    expect((await own()).revision).to.equal(0);
  });

  it('connect by a form, test, rename, replace credentials, switch off, schedule, and delete an account', async () => {
    const { page } = window;
    await open('/integrations/new?type=notes');
    await page.getByLabel('Way of signing in').selectOption('token');
    await page.getByRole('textbox', { name: 'Name' }).fill('By token');
    await page.getByRole('textbox', { name: 'Token', exact: true }).fill('not the token');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.waitForURL(/\/integrations\/int_/);
    const path = new URL(page.url()).pathname;
    await page
      .getByRole('alert')
      .or(page.getByText(/the vendor|401/))
      .first()
      .waitFor();
    expect((await get(path)).status).to.equal('error');
    await page.getByRole('button', { name: 'Replace credentials' }).click();
    await page.getByRole('textbox', { name: 'Token', exact: true }).fill(vendor.token);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('The credentials are new.').waitFor();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('The connection works').waitFor();
    expect(await get(path)).to.include({ status: 'active' });
    await page.getByRole('textbox', { name: 'Name' }).fill('Renamed');
    await page.getByRole('textbox', { name: 'Prefix' }).fill('A: ');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Renamed', level: 1 }).waitFor();
    expect((await get(path)).configuration).to.deep.equal({ prefix: 'A: ' });
    await page.getByRole('switch', { name: 'Active' }).click({ force: true });
    await until(async () => (await get(path)).status === 'inactive');
    // Until the page knows it too, the switch takes nothing.
    await page.getByRole('switch', { name: 'Active', checked: false, disabled: false }).click({ force: true });
    await until(async () => (await get(path)).status === 'active');

    await page.getByRole('tab', { name: 'Sync' }).click();
    await page.getByLabel('How often').selectOption('own');
    await page.getByRole('textbox', { name: 'Interval or cron expression' }).fill('30m');
    await page.getByRole('switch', { name: 'Sync by itself' }).click({ force: true });
    await page.getByRole('textbox', { name: 'Time zone' }).fill('Europe/Zurich');
    await page.getByRole('button', { name: 'Save schedule' }).click();
    await page.getByText('Saved.').waitFor();
    expect((await get(path)).sync_settings).to.deep.include({
      ...{ sync_interval: '30m', auto_sync: true, time_zone: 'Europe/Zurich', streams: ['notes'] },
    });
    let release = () => {};
    vendor.gate = new Promise((resolve) => {
      release = resolve;
    });
    await page.getByLabel('What to read').selectOption('full');
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    release();
    vendor.gate = null;
    await until(async () => (await get(`${path}/sync/logs`)).logs[0].status === 'cancelled');

    await page.getByRole('tab', { name: 'Log', exact: true }).click();
    await page.getByText('State changed').first().waitFor();
    await page.getByRole('tab', { name: 'Records' }).click();
    const file = await page.getByRole('link', { name: 'Export CSV' }).getAttribute('href');
    expect(file).to.equal(`/api/v1${path}/records?format=csv`);
    await page.getByLabel('Deleted ones').selectOption('only');
    await page.getByText('No records').waitFor();
    await page.getByRole('tab', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Take the token back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take the token back' }).click();
    await until(async () => (await get(path)).status === 'pending_setup');
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/integrations');
    expect((await host.request('GET', path)).status).to.equal(404);
  });
});
