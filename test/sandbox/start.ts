import type {
  CallRequest,
  CallResult,
  EmitRequest,
  FetchAnswer,
  FetchRequest,
  Grant,
  HostCallEntry,
  Image,
  LogLine,
  Perform,
  Sandbox,
  SandboxOptions,
  StoreRequest,
  Strike,
} from '../../sandbox/index.ts';
import { createSandbox } from '../../sandbox/index.ts';

/** Who a call is for, in these tests. */
export interface Scope {
  who: string;
}

/** What the host was asked to do, in order. */
export interface Seen {
  fetch: { scope: Scope; request: FetchRequest; signal: AbortSignal }[];
  store: { scope: Scope; request: StoreRequest }[];
  emit: { scope: Scope; request: EmitRequest }[];
  log: { scope: Scope; line: LogLine }[];
  entries: HostCallEntry[];
  strikes: { id: string; strike: Strike }[];
}

export interface Started {
  sandbox: Sandbox<Scope>;
  seen: Seen;
  /** Replaces what the host does for a fetch. */
  answer: { fetch: (request: FetchRequest, signal: AbortSignal) => Promise<FetchAnswer> };
  /** Loads a plugin whose handlers are this source text. */
  plugin(id: string, handlers: string, more?: Partial<Image>): void;
  /** Runs a handler of it. */
  run(id: string, handler: string, args?: unknown[], more?: Partial<CallRequest<Scope>>): Promise<CallResult>;
}

/** One script as intake makes it. */
export function script(handlers: string, before = ''): string {
  return `var __patchbay_plugin = (() => { ${before}\nreturn { default: { manifest: { name: '@test/plugin' }, handlers: ${handlers} } }; })();`;
}

export function textAnswer(body: string, more: Partial<FetchAnswer> = {}): FetchAnswer {
  return { status: 200, headers: {}, url: 'https://api.example.com/', body, body_encoding: 'utf8', ...more };
}

/** A real sandbox with a host that remembers what it was asked. */
export async function startSandbox(
  options: Partial<Omit<SandboxOptions<Scope>, 'perform'>> & { perform?: Partial<Perform<Scope>> } = {},
  internal: Parameters<typeof createSandbox<Scope>>[1] = {},
): Promise<Started> {
  const seen: Seen = { fetch: [], store: [], emit: [], log: [], entries: [], strikes: [] };
  const kept = new Map<string, unknown>();
  const answer: Started['answer'] = { fetch: async (request) => textAnswer(JSON.stringify({ url: request.url })) };
  const perform: Perform<Scope> = {
    fetch: (scope, request, _grants, { signal }) => {
      seen.fetch.push({ scope, request, signal });
      return answer.fetch(request, signal);
    },
    store: async (scope, request) => {
      seen.store.push({ scope, request });
      if (request.op === 'list') return [...kept.keys()];
      const key = `${scope.who}/${request.key}`;
      if (request.op === 'set') kept.set(key, request.value);
      if (request.op === 'delete') kept.delete(key);
      return kept.get(key) ?? null;
    },
    emit: async (scope, request) => {
      seen.emit.push({ scope, request });
      return { id: `event-${seen.emit.length}` };
    },
    log: (scope, line) => void seen.log.push({ scope, line }),
    hmac: async (_scope, request) => `hmac:${request.secret}`,
    records: async (_scope, query) => [query],
    schedule: async (_scope, request) => request,
    ...options.perform,
  };
  const sandbox = await createSandbox<Scope>(
    {
      processes: 1,
      onStrike: (id, strike) => void seen.strikes.push({ id, strike }),
      onHostCall: (_scope, entry) => void seen.entries.push(entry),
      ...options,
      perform,
    },
    internal,
  );
  return {
    sandbox,
    seen,
    answer,
    plugin: (id, handlers, more = {}) =>
      sandbox.load({
        id,
        name: '@test/plugin',
        version: '1.0.0',
        script: script(handlers),
        trust: 'verified',
        ...more,
      }),
    run: (id, handler, args = [], more = {}) =>
      sandbox.call({
        id,
        handler,
        args: JSON.stringify(args),
        context: JSON.stringify({ config: { colour: 'red' }, invocation: { id: 'inv_1', attempt: 1 } }),
        grants: [],
        scope: { who: id },
        use: 'call',
        ...more,
      }),
  };
}

export const NETWORK: Grant = { name: 'network', hosts: ['api.example.com'] };

/** The output of a call that must have worked, parsed. */
export function output(result: CallResult): unknown {
  if (!result.ok) throw new Error(`the call failed: ${result.error.type}: ${result.error.message}`);
  return JSON.parse(result.output);
}

/** Waits until `check` holds. Throws after five seconds. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('waited five seconds for something that did not happen');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
