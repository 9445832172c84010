import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectDocumented } from './documented.ts';

const root = join(import.meta.dirname, '../..');

export interface Answer {
  status: number;
  headers: Headers;
  /** the envelope; for an answer outside it, `content` is undefined */
  body: { code: string; msg: string; content: any };
  text: string;
}

export interface Asking {
  body?: unknown;
  bytes?: Uint8Array;
  token?: string | null;
  headers?: Record<string, string>;
}

export interface RunningHost {
  url: string;
  data: string;
  admin: { email: string; password: string };
  process: ChildProcess;
  /** everything that it printed so far */
  output(): string;
  /** One request under the base path (or to a whole path that begins with `/api`, `/docs`, …), as the admin unless `token` says otherwise. The answer is held against the published document. */
  request(method: string, path: string, asking?: Asking): Promise<Answer>;
  login(email: string, password: string): Promise<string>;
  /** SIGTERM, waits for the end. */
  stop(): Promise<number | null>;
  /** SIGKILL, waits for the end. */
  kill(): Promise<void>;
  /** Starts it again on the same data folder and port. */
  restart(env?: Record<string, string>): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** An access token lasts a quarter of an hour; long rounds take longer. */
const SIGNED_IN_MS = 600_000;

/** Starts a real host as its own process with a fresh data folder, ready to be asked. */
export async function startHost(options: { env?: Record<string, string>; data?: string } = {}): Promise<RunningHost> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'patchbay-host-'));
  const admin = { email: 'admin@example.com', password: 'correct horse battery' };
  let running: Started;
  let token: string | null = null;
  let signInAgainAt = 0;
  const port = await freePort();
  const env = {
    PATH: process.env.PATH ?? '',
    ...(process.env.NODE_V8_COVERAGE ? { NODE_V8_COVERAGE: process.env.NODE_V8_COVERAGE } : {}),
    ...(process.env.MONGODB_URI ? { MONGODB_URI: process.env.MONGODB_URI } : {}),
    PORT: String(port),
    PATCHBAY_DATA: data,
    PATCHBAY_ADMIN_EMAIL: admin.email,
    PATCHBAY_ADMIN_PASSWORD: admin.password,
    PATCHBAY_SANDBOX_PROCESSES: '1',
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  running = await start(env);
  const url = `http://127.0.0.1:${port}`;

  const host: RunningHost = {
    url,
    data,
    admin,
    get process() {
      return running.child;
    },
    output: () => running.output(),
    async request(method, path, asking = {}) {
      if (asking.token === undefined && (token === null || performance.now() > signInAgainAt)) {
        token = await host.login(admin.email, admin.password);
        signInAgainAt = performance.now() + SIGNED_IN_MS;
      }
      const bearer = asking.token === undefined ? token : asking.token;
      return ask(url, method, path, { ...asking, token: bearer });
    },
    async login(email, password) {
      const answer = await ask(url, 'POST', '/auth/login', { body: { email, password }, token: null });
      if (answer.body.code !== 'S10000') throw new Error(`login failed: ${answer.text}`);
      return answer.body.content.access_token as string;
    },
    async stop() {
      running.child.kill('SIGTERM');
      return running.ended;
    },
    async kill() {
      running.child.kill('SIGKILL');
      await running.ended;
    },
    async restart(more = {}) {
      running = await start({ ...env, ...more });
    },
    async remove() {
      if (running.child.exitCode === null && running.child.signalCode === null) {
        running.child.kill('SIGTERM');
        await running.ended;
      }
      rmSync(data, { recursive: true, force: true });
    },
  };
  return host;
}

interface Started {
  child: ChildProcess;
  ended: Promise<number | null>;
  output(): string;
}

async function start(env: Record<string, string>): Promise<Started> {
  const child = spawn(
    process.execPath,
    ['--enable-experimental-regexp-engine', '--disable-warning=ExperimentalWarning', 'core/main.ts'],
    { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('Patchbay is ready')) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code, signal) =>
      reject(new Error(`the host ended (${code ?? signal}) before it was ready:\n${text}`)),
    );
  });
  return { child, ended, output: () => text };
}

/** One request; its answer must be in the envelope and as the OpenAPI document says, unless it is outside the API. */
export async function ask(url: string, method: string, path: string, asking: Asking = {}): Promise<Answer> {
  const full = /^\/(api|docs)?(\/|$)/.test(path) ? path : `/api/v1${path}`;
  const response = await fetch(url + full, {
    method,
    redirect: 'manual',
    headers: {
      ...(asking.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(asking.token ? { authorization: `Bearer ${asking.token}` } : {}),
      ...asking.headers,
    },
    ...(asking.bytes
      ? { body: asking.bytes as Uint8Array<ArrayBuffer> }
      : asking.body === undefined
        ? {}
        : { body: JSON.stringify(asking.body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const body = isJson && text !== '' ? JSON.parse(text) : {};
  await expectDocumented(url, method, full, response, body);
  return { status: response.status, headers: response.headers, body, text };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
