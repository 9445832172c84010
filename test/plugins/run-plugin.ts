/** A first-party plugin as it is released: packed, unpacked, made into a script, and run in the real sandbox. */
import { join } from 'node:path';
import { createSandbox } from '../../sandbox/index.ts';
import type { FetchRequest, Grant, LogLine, Sandbox } from '../../sandbox/types.ts';
import { pack, toScript, unpack } from '../../sdk/package/index.ts';

export interface RunningPlugin {
  manifest: Record<string, unknown>;
  /** Calls a handler as the host would. A failure comes as an error with the plugin's own `name` and `data`. */
  call<Output>(handler: string, ...args: unknown[]): Promise<Output>;
  /** Every batch of a stream, from one cursor to the end. */
  pull<Batch>(stream: string, pull: Record<string, unknown>): Promise<Batch[]>;
  logs: LogLine[];
  stop(): Promise<void>;
}

interface Surroundings {
  config?: Record<string, unknown>;
  /** where relative addresses go, and the only place that may be reached */
  base_url?: string;
  /** added to each request by the host: the plugin never sees it */
  headers?: Record<string, string>;
  grants?: Grant[];
}

/** Starts `plugins/<name>`. */
export async function runPlugin(name: string, around: Surroundings = {}): Promise<RunningPlugin> {
  const packed = await pack(join(import.meta.dirname, '../../plugins', name));
  const { manifest, files } = await unpack(packed.bytes);
  const code = files.get('plugin.js');
  if (!code) throw new Error('the package holds no plugin.js');
  const kept = new Map<string, { value: unknown; version: number }>();
  const logs: LogLine[] = [];
  const sandbox: Sandbox<null> = await createSandbox<null>({
    processes: 1,
    perform: {
      fetch: (_scope, request) => fetchVendor(request, around),
      store: async (_scope, request) => {
        if (request.op === 'get') return kept.get(request.key);
        if (request.op !== 'set') throw { code: 'failed', message: `this test keeps no ${request.op}` };
        const version = (kept.get(request.key)?.version ?? 0) + 1;
        kept.set(request.key, { value: request.value, version });
        return { version };
      },
      emit: async () => undefined,
      log: (_scope, line) => void logs.push(line),
    },
  });
  sandbox.load({
    id: name,
    name: manifest.name,
    version: manifest.version,
    script: await toScript(code),
    trust: 'verified',
  });
  const hosts = around.base_url ? [new URL(around.base_url).origin] : [];
  const grants = around.grants ?? [{ name: 'network', hosts }, { name: 'storage' }];
  const context = JSON.stringify({
    config: around.config ?? {},
    integration: { id: 'int_1', name: 'test', metadata: {}, scopes: [] },
    project: { id: 'prj_1', name: 'Test', time_zone: 'UTC' },
    invocation: { id: 'inv_1', attempt: 1, deadline: '2030-01-01T00:00:00Z' },
    permissions: grants,
  });
  const request = (handler: string, args: unknown[]) =>
    ({ id: name, handler, args: JSON.stringify(args), context, grants, scope: null, use: 'call' }) as const;
  return {
    manifest: manifest as unknown as Record<string, unknown>,
    logs,
    async call<Output>(handler: string, ...args: unknown[]) {
      const result = await sandbox.call(request(handler, args));
      if (!result.ok) throw Object.assign(new Error(result.error.message), result.error);
      return JSON.parse(result.output) as Output;
    },
    async pull<Batch>(stream: string, pull: Record<string, unknown>) {
      const open = sandbox.stream({ ...request(`streams.${stream}`, [pull]), use: 'job' });
      const batches: Batch[] = [];
      for (;;) {
        const { done, value } = await open.next();
        if (done) return batches;
        batches.push(JSON.parse(value) as Batch);
      }
    },
    stop: () => sandbox.close(),
  };
}

async function fetchVendor(request: FetchRequest, { base_url = '', headers = {} }: Surroundings) {
  const url = /^https?:/.test(request.url) ? new URL(request.url) : new URL(base_url + request.url);
  for (const [name, value] of Object.entries(request.query ?? {}))
    for (const one of [value].flat()) url.searchParams.append(name, one);
  const answer = await fetch(url, {
    method: request.method,
    headers: { ...request.headers, ...headers },
    ...(request.body === undefined ? {} : { body: Buffer.from(request.body, request.body_encoding ?? 'utf8') }),
  });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    url: answer.url,
    body: await answer.text(),
    body_encoding: 'utf8' as const,
  };
}
