import { createHmac, randomBytes } from 'node:crypto';
import {
  type CallResult,
  createSandbox,
  type Grant,
  type LogLine,
  type Sandbox,
  SandboxError,
} from '../../sandbox/index.ts';
import type { Manifest } from '../contract/manifest.ts';
import { strangerCheck } from '../contract/stranger/stranger-check.ts';
import { expandTemplate } from '../contract/template.ts';
import type { Batch, Pull, Received, TriggerRequest } from '../handlers.ts';
import { type Packed, pack, toScriptWithMap } from '../package/index.ts';
import { memoryStore } from './memory-store.ts';
import { bodyText, type Vendor, type VendorAnswer, type VendorRequest } from './vendor.ts';

export interface TestOptions {
  /** Folder of the plugin; or give `packed`. */
  folder?: string;
  packed?: Packed;
  /** Plays the vendor; every request is 404 unless given. */
  vendor?: Vendor;
  /** Settings, without secrets. */
  config?: Record<string, unknown>;
  /** Secrets of the settings, by name; for `ctx.crypto.hmac`, which never shows them. One of their own unless given. */
  secrets?: Record<string, string>;
  /** The connected account; none unless given. */
  integration?: { id?: string; name?: string; account?: string; metadata?: Record<string, unknown>; scopes?: string[] };
  /** Names of permissions that are not granted. */
  refuse?: string[];
  /** What the plugin's clock shows; the true time unless given. `setTime` moves it. */
  time?: Date | string;
}

/** As on a host: an action that never ends is a mistake. */
const mostCalls = 1_000;

/** What a handler threw, or why the sandbox ended it. `type` is `threw`, `denied`, `timeout`, … */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly type: string;
  /** `name` of the error that the plugin threw: `Retry`, `VendorError`, … */
  readonly thrown: string | undefined;
  readonly data: unknown;
  constructor(error: Extract<CallResult, { ok: false }>['error']) {
    super(error.message);
    this.type = error.type;
    this.thrown = error.name;
    this.data = error.data;
    // The author's own frames say more than ours.
    if (error.stack) this.stack = `${error.name ?? error.type}: ${error.message}\n${error.stack}`;
  }
}

/** A plugin under test, in the real sandbox. */
export interface PluginUnderTest {
  manifest: Manifest;
  /** Calls any handler: `connect`, `install`, `on.task.created`, … */
  call(handler: string, ...args: unknown[]): Promise<unknown>;
  /**
   * Runs an action. Input and output are held against their schemas, as the host does. One that asks to be called again
   * is, at once and to its end; a clock that was set is moved by what it waits.
   */
  action(name: string, input?: unknown): Promise<unknown>;
  /** Pulls a stream to its end, or until `pages` are read. */
  pull(name: string, pull?: Partial<Pull>, pages?: number): Promise<Batch[]>;
  /** Hands a request, as if verified, to a trigger. Its events are held against their schemas. */
  receive(name: string, request: Partial<TriggerRequest>): Promise<Received<Manifest>>;
  /** Moves the plugin's clock, for the calls that come. */
  setTime(time: Date | string): void;
  /** Everything so far. */
  requests: VendorRequest[];
  events: { type: string; data: unknown; id?: string }[];
  logs: LogLine[];
  store: Map<string, unknown>;
  /** What actions gave to `again`. */
  waits: { after_s: number; state?: unknown }[];
  /** Permissions that were asked for and refused. */
  denied: { permission: string; detail: string }[];
  close(): Promise<void>;
}

/**
 * Packs a plugin and loads it into the very sandbox that hosts run, with its permissions granted and a vendor that the
 * test plays. Close it when done.
 *
 * @example
 * const plugin = await testPlugin({ folder: import.meta.dirname, vendor: () => ({ body: { ok: true } }) })
 * await plugin.action('send', { text: 'Hello' })
 * await plugin.close()
 *
 * @throws {Failure} when the plugin cannot be packed
 */
export async function testPlugin(options: TestOptions): Promise<PluginUnderTest> {
  const packed = options.packed ?? (await pack(options.folder ?? '.'));
  const { manifest, files } = packed;
  const code = await toScriptWithMap(files.get('plugin.js') ?? '', files.get('plugin.js.map'));
  const requests: VendorRequest[] = [];
  const events: PluginUnderTest['events'] = [];
  const logs: LogLine[] = [];
  const denied: PluginUnderTest['denied'] = [];
  const waits: PluginUnderTest['waits'] = [];
  const store = new Map<string, unknown>();
  const useStore = memoryStore(store);
  const sandbox: Sandbox<null> = await createSandbox<null>({
    processes: 1,
    perform: {
      fetch: async (_scope, request) => {
        const url = absolute(request.url, request.query, manifest, options);
        const text =
          request.body_encoding === 'base64' ? Buffer.from(request.body ?? '', 'base64').toString() : request.body;
        const asked = { method: request.method, url, headers: request.headers, body: text, auth: request.auth };
        requests.push(asked);
        const answer: VendorAnswer = (await options.vendor?.(asked)) ?? {
          status: 404,
          body: { message: 'No answer for this in the test' },
        };
        const headers =
          typeof answer.body === 'object' ? { 'content-type': 'application/json', ...answer.headers } : answer.headers;
        return {
          status: answer.status ?? 200,
          headers: headers ?? {},
          url,
          body: bodyText(answer),
          body_encoding: 'utf8',
        };
      },
      store: async (_scope, request) => useStore(request),
      emit: async (_scope, event) => {
        checkEvent(manifest, event.type, event.data);
        events.push(event);
        return {};
      },
      hmac: async (_scope, { algorithm, secret, data, data_encoding, as }) => {
        if (!isSecret(manifest, secret))
          throw { code: 'bad_request', message: `${secret} is no secret of the settings` };
        const key = options.secrets?.[secret] ?? `the test's ${secret}`;
        return createHmac(algorithm, key).update(data, data_encoding).digest(as);
      },
      log: (_scope, line) => void logs.push(line),
    },
  });
  const id = `${manifest.name}@${manifest.version}`;
  const { name, version } = manifest;
  sandbox.load({ id, name, version, script: code.script, source_map: code.source_map, trust: 'unverified' });
  const grants = grantsOf(manifest, options);
  let time = options.time === undefined ? undefined : timeOf(options.time);
  const request = (handler: string, args: unknown[], use: 'call' | 'job') => ({
    ...{ id, handler, args: JSON.stringify(args), context: contextOf(options, grants, time), grants, scope: null, use },
  });

  const ask = async (handler: string, ...args: unknown[]) => {
    const result = await unlessStarved(() => sandbox.call(request(handler, args, 'call')));
    denied.push(...result.usage.denied);
    if (!result.ok) throw new CallFailed(result.error);
    return { output: result.output === '' ? undefined : JSON.parse(result.output), again: result.again };
  };
  const call = async (handler: string, ...args: unknown[]) => (await ask(handler, ...args)).output;
  return {
    ...{ manifest, requests, events, logs, store, waits, denied, call },
    close: () => sandbox.close(),
    setTime(to) {
      time = timeOf(to);
    },
    async action(action, input = {}) {
      const declared = manifest.actions?.[action];
      mustFit(declared?.input, input, `the input of ${action}`);
      let { output, again } = await ask(`actions.${action}`, input);
      for (let calls = 1; again; calls++) {
        if (calls === mostCalls) throw new RangeError(`${action} asked to be called again ${mostCalls} times`);
        waits.push(output);
        if (time !== undefined) time += output.after_s * 1000;
        ({ output, again } = await ask(`actions.${action}`, input, ...('state' in output ? [output.state] : [])));
      }
      mustFit(declared?.output, output, `the output of ${action}`);
      return output;
    },
    async pull(stream, pull = {}, pages = 1_000) {
      const opened = sandbox.stream(request(`streams.${stream}`, [{ cursor: null, mode: 'full', ...pull }], 'job'));
      const batches: Batch[] = [];
      try {
        while (batches.length < pages) {
          const { done, value } = await opened.next();
          if (done) break;
          const batch: Batch = JSON.parse(value);
          for (const { raw } of batch.upserts ?? [])
            mustFit(manifest.streams?.[stream]?.schema, raw, `a record of ${stream}`);
          batches.push(batch);
        }
        return batches;
      } catch (error) {
        throw error instanceof SandboxError ? new CallFailed(error.error) : error;
      } finally {
        await opened.return();
      }
    },
    async receive(trigger, given) {
      const text = given.text ?? JSON.stringify(given.body ?? {});
      const full = { method: 'POST', headers: {}, query: {}, body: {}, ...given, text };
      const received = ((await call(`triggers.${trigger}.receive`, full)) ?? {}) as Received<Manifest>;
      for (const event of (received.events ?? []) as { type: string; data: unknown }[])
        checkEvent(manifest, event.type, event.data);
      return received;
    },
  };
}

function isSecret({ configuration }: Manifest, name: string): boolean {
  return Object(Object(Object(configuration).properties)[name]).format === 'secret';
}

/** What never began for want of CPU time is begun again: a busy machine is no fault of the plugin. */
async function unlessStarved(begin: () => Promise<CallResult>): Promise<CallResult> {
  let result = await begin();
  for (let tries = 1; !result.ok && result.error.type === 'starved' && tries < 5; tries++) result = await begin();
  return result;
}

/** The host checks the same; a test that passes here does not fail there for its shape. */
function mustFit(schema: unknown, value: unknown, what: string): void {
  if (typeof schema !== 'object' || schema === null) return;
  const checked = strangerCheck(schema)(value);
  if (checked.ok) return;
  const said = checked.errors.map(({ pointer, message }) => `${pointer || '/'} ${message}`).join('; ');
  throw new TypeError(`${what} does not fit its schema: ${said}`);
}

function checkEvent({ events = {} }: Manifest, type: string, data: unknown): void {
  if (!Object.hasOwn(events, type)) throw new TypeError(`The event ${type} is not declared in the manifest`);
  mustFit(events[type]?.schema, data, `the data of ${type}`);
}

/** Everything that the manifest asks for, as an admin would grant it; addresses filled from the test's settings. */
function grantsOf({ permissions = [] }: Manifest, options: TestOptions): Grant[] {
  return permissions
    .filter(({ name }) => !options.refuse?.includes(name))
    .map(({ reason: _reason, optional: _optional, ...permission }) =>
      permission.name === 'network'
        ? { ...permission, hosts: permission.hosts.map((host) => fill(host, options)) }
        : permission,
    ) as Grant[];
}

function timeOf(time: Date | string): number {
  const at = new Date(time).getTime();
  if (Number.isNaN(at)) throw new RangeError(`${String(time)} is no time; write it as in 2026-01-31T12:00:00Z`);
  return at;
}

function contextOf({ config = {}, integration }: TestOptions, grants: Grant[], time: number | undefined): string {
  // A journal that is replayed shows the last of its times for as long as the call lasts.
  const journal = time === undefined ? {} : { journal: { seed: randomBytes(32).toString('hex'), clock: [time] } };
  return JSON.stringify({
    ...journal,
    config,
    integration: integration ? { id: 'int_test', name: 'Test', metadata: {}, scopes: [], ...integration } : null,
    project: { id: 'proj_test', name: 'Test', time_zone: 'UTC' },
    invocation: { id: 'inv_test', attempt: 1, deadline: new Date((time ?? Date.now()) + 60_000).toISOString() },
    permissions: grants,
  });
}

function absolute(
  url: string,
  query: Record<string, string | string[]> = {},
  { auth = [] }: Manifest,
  options: TestOptions,
): string {
  const base = auth[0] ? fill(auth[0].base_url, options) : undefined;
  const parsed = new URL(url, base);
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) parsed.searchParams.append(name, one);
  return parsed.href;
}

function fill(template: string, { config = {}, integration = {} }: TestOptions): string {
  return expandTemplate(template, ({ source, name }) => {
    const value = source === 'config' || source === 'credential' ? config[name] : integration.metadata?.[name];
    return value === undefined ? undefined : String(value);
  });
}
