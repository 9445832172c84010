// The five-minute tour as a program: real HTTP against a real host, step by step. npm run tour
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { startTourHost } from './host.ts';

const root = join(import.meta.dirname, '../..');
const host = await startTourHost();
let token = '';
let step = 0;

interface Envelope {
  code: string;
  msg: string;
  content: Record<string, any>;
}

interface Answer {
  status: number;
  body: Envelope;
}

/** One request as a person would make it. */
async function ask(method: string, path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${host.url}/api/v1${path}`, {
    method,
    headers: {
      // The commands of the tour stop this process while they run: a kept connection may be closed when they are done.
      connection: 'close',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Envelope };
}

/** Makes a request, prints it and the part of the answer that matters. */
async function call(
  method: string,
  path: string,
  body: unknown,
  show: (answer: Envelope) => unknown,
  enough: (answer: Envelope) => boolean = () => true,
): Promise<Envelope> {
  let answer = await ask(method, path, body);
  for (let more = 9; more > 0 && !enough(answer.body); more -= 1) answer = await ask(method, path, body);
  console.log(`   ${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(masked(body))}`}`);
  console.log(`   ${answer.status} ${answer.body.code}  ${JSON.stringify(show(answer.body))}`);
  return answer.body;
}

function masked(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body, (key, value) => (/password|token/.test(key) ? '••••' : value)));
}

function title(text: string): void {
  step += 1;
  console.log(`\n${step}. ${text}`);
}

/** One `patchbay` command; prints it and what it says. */
function patchbay(args: string[], show: (out: string) => string = (out) => out.trim()): string {
  const env = { PATH: process.env.PATH, HOME: host.folder, PATCHBAY_URL: host.url, PATCHBAY_TOKEN: token };
  const out = execFileSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'sdk/cli/main.ts'), ...args],
    { cwd: host.folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  console.log(`   patchbay ${args.join(' ')}`);
  console.log(`   ${show(out)}`);
  return out;
}

try {
  title('The one-time link makes the first admin');
  const signedIn = await call(
    'POST',
    '/auth/setup',
    { token: host.setup, email: 'ada@example.com', password: 'a long enough password' },
    ({ msg }) => msg,
  );
  token = signedIn.content.access_token;

  title('The marketplace holds the first-party plugins');
  await call('GET', '/plugins/marketplace?sort_by=name', undefined, ({ content }) =>
    content.plugins.map((one: Envelope['content']) => `${one.name} ${one.version}`),
  );

  title('Installing needs every permission that the plugin requires');
  await call('POST', '/plugins', { name: '@patchbay/hello', permissions: [] }, ({ msg, content }) => [
    msg,
    content.permissions_missing,
  ]);
  const hello = await call(
    'POST',
    '/plugins',
    { name: '@patchbay/hello', permissions: ['storage'] },
    ({ content }) => ({ id: content.id, version: content.version, status: content.status }),
  );
  const plugin = `/plugins/${hello.content.id}`;

  title('A project configures it; what is wrong is named');
  await call('POST', `${plugin}/configuration`, { configuration: { greeting: 42, colour: 'red' } }, ({ content }) =>
    content.errors.map((one: Envelope['content']) => `${one.pointer} ${one.message}`),
  );
  await call(
    'POST',
    `${plugin}/configuration`,
    { configuration: { greeting: 'Good evening' } },
    ({ content }) => content.effective,
  );

  title('Its action runs in the sandbox');
  await call('POST', `${plugin}/actions/greet`, { input: { name: 'Grace' } }, ({ content }) => content.output);

  title('An author packs and publishes a plugin');
  cpSync(join(root, 'scripts/tour/mischief'), join(host.folder, 'mischief'), { recursive: true });
  await call('POST', '/registry/publishers', { name: '@tour' }, ({ content }) => content.name);
  const key = patchbay(['keygen', '--out', 'tour.key', '--json'], (out) => `key ${JSON.parse(out).key_id}`);
  await call(
    'POST',
    '/registry/publishers/@tour/keys',
    { public_key: JSON.parse(key).public_key },
    ({ content }) => content.key_id,
  );
  patchbay(['pack', 'mischief'], (out) => out.trim().split('\n').at(-2) ?? '');
  patchbay(['publish', 'mischief', '--key', 'tour.key']);
  const mischief = await call(
    'POST',
    '/plugins',
    { name: '@tour/mischief', permissions: ['network'] },
    ({ content }) => ({ id: content.id, is_verified: content.is_verified }),
  );
  const other = `/plugins/${mischief.content.id}`;

  title('What it tries beyond its grant is refused, and written down');
  await call(
    'POST',
    `${other}/actions/reach_out`,
    { input: { url: 'http://169.254.169.254/latest/meta-data/' } },
    ({ content }) => content.error,
  );
  await call('GET', `${other}/permissions`, undefined, ({ content }) => content.used);

  title('A runaway is killed, and the host goes on serving');
  await call(
    'POST',
    `${other}/actions/run_away`,
    { input: {} },
    ({ content }) => [content.error.type, content.error.message],
    // On a busy machine the host may answer `starved` and blame nobody; asked again it can tell.
    ({ content }) => content.error.type !== 'starved',
  );
  await call('GET', '/health', undefined, ({ content }) => ({ status: content.status, sandbox: content.sandbox }));
  await call('POST', `${plugin}/actions/greet`, { input: { name: 'still here' } }, ({ content }) => content.output);

  title('Disabled, then uninstalled');
  await call('PATCH', other, { is_enabled: false }, ({ content }) => ({
    is_enabled: content.is_enabled,
    status: content.status,
  }));
  await call('POST', `${other}/actions/reach_out`, { input: { url: 'https://api.example.com/' } }, ({ msg }) => msg);
  await call('DELETE', other, undefined, ({ msg }) => msg);
} finally {
  await host.stop();
}
