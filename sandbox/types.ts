/**
 * The sandbox's public types: what a caller hands in and what comes back.
 * JSON that only passes through (arguments, context, output) stays text: it is parsed where it is used, and nowhere else.
 */

/** What may happen when a call fails. A closed list: the caller's `switch` can be complete. */
export type CallErrorType =
  | 'threw'
  | 'denied'
  | 'timeout'
  | 'cpu_limit'
  | 'memory_limit'
  | 'killed'
  | 'busy'
  | 'too_large'
  | 'bad_answer'
  | 'not_found'
  | 'too_many_host_calls'
  | 'unavailable'
  | 'cancelled'
  | 'starved';

/** Why a call failed, in words that carry no path and no secret of the host. */
export interface CallError {
  type: CallErrorType;
  /** The `name` of the error that the plugin threw (`CursorExpired`, `Retry`, `Gone`, `VendorError`, `TypeError` …). */
  name?: string;
  message: string;
  /** Frames inside the plugin only, as `plugin://name@version/file:line:column`; mapped when the image has a source map. */
  stack?: string;
  /** Seconds after which trying again makes sense (`busy`, `unavailable`). */
  retry_after_s?: number;
  /** Own enumerable JSON fields of the thrown error, e.g. `{after_s: 30}` of a `Retry`. */
  data?: unknown;
}

/** One line that a plugin logged. */
export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  /** Further JSON fields the plugin gave. */
  fields?: Record<string, unknown>;
  /** ISO 8601, taken by the host when the line arrived. */
  at: string;
}

/** One use of the host by a plugin. */
export interface HostCall {
  op: string;
  /** What it was about: `GET api.github.com/repos/a/b`, `set cursor`; cut, never a query string, never a body. */
  detail?: string;
  ok: boolean;
  ms: number;
  /** When it began, counted from the begin of the call. */
  at_ms?: number;
  /** The permission that it ran under. */
  permission?: string;
}

/** What one call cost. Times are milliseconds, sizes bytes. */
export interface Usage {
  wall_ms: number;
  cpu_ms: number;
  heap_bytes: number;
  bytes_in: number;
  bytes_out: number;
  host_calls: HostCall[];
  denied: { permission: string; detail: string }[];
  /** 1, or 2 when the call was run again after its process ended. */
  attempt: number;
}

/** `again`: the handler asks to be called again, and its output is `{after_s, state}` as it gave them. */
export type CallResult =
  | { ok: true; output: string; again?: true; usage: Usage; logs: LogLine[] }
  | { ok: false; error: CallError; usage: Usage; logs: LogLine[] };

/** Bounds of a call, of an isolate and of a plugin. The lowest of all that apply is taken (`lowestLimits`). */
export interface Limits {
  /** CPU of one call, milliseconds. */
  cpu_ms: number;
  /** Wall clock of one call, milliseconds, waiting for the host included. */
  wall_ms: number;
  /** Heap of the isolate, MB. */
  heap_mb: number;
  /** Size of arguments and context, and of the output, bytes each. */
  payload_bytes: number;
  /** What all answers of the host to one call may weigh, bytes. */
  received_bytes: number;
  /** Values (numbers, strings, lists, objects …) in an output. */
  nodes: number;
  /** Nesting of an output and of an argument. */
  depth: number;
  /** Host calls in one call, and how many of them at once. */
  host_calls: number;
  host_calls_at_once: number;
  log_lines: number;
  log_bytes: number;
  /** Timers waiting at once in one call. */
  timers: number;
  /** Calls of one image at once, and how many more may wait. */
  concurrency: number;
  queue: number;
}

/** A permission as granted by an admin, templates already resolved. */
export type Grant =
  | NetworkGrant
  | { name: 'storage' }
  | { name: 'events:emit'; types?: string[] }
  | { name: 'events:listen'; types?: string[] }
  | { name: 'schedule' }
  | { name: 'records:read'; models?: string[] }
  | { name: 'project:read' }
  | { name: 'files'; max_bytes: number }
  | { name: 'app'; service: string };

/**
 * Hosts that may be reached: `api.github.com`, `*.example.com`, `host:port`, `http://host:port` (https unless said).
 * `paths` are judged on the parsed path: `*` is one segment, `**` the rest. `methods` and `paths` absent: all.
 */
export interface NetworkGrant {
  name: 'network';
  hosts: string[];
  methods?: string[];
  paths?: string[];
  private?: boolean;
}

/** What a plugin asked to fetch. `url` may be relative: the host resolves it against `base_url` and judges it again. */
export interface FetchRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  query?: Record<string, string | string[]>;
  body?: string;
  body_encoding?: 'utf8' | 'base64';
  /** Name of an auth or exchange, `false` for none. */
  auth?: string | false;
  as?: string;
  redirect?: 'follow' | 'manual' | 'error';
  timeout_ms?: number;
  idempotent?: boolean;
  /** The greatest body the plugin wants, never above what the call may still receive. */
  max_bytes?: number;
}

export interface FetchAnswer {
  status: number;
  headers: Record<string, string>;
  url: string;
  means?: string;
  body: string;
  body_encoding: 'utf8' | 'base64';
}

export type StoreRequest =
  | { op: 'get' | 'delete'; key: string }
  | { op: 'set'; key: string; value: unknown; if_version?: number; ttl_s?: number }
  | { op: 'list'; prefix?: string; after?: string; limit?: number };

export interface EmitRequest {
  type: string;
  data: unknown;
  id?: string;
  occurred_at?: string;
}

export interface HmacRequest {
  algorithm: string;
  /** Name of a secret field of the configuration; its value never enters the sandbox. */
  secret: string;
  data: string;
  data_encoding: 'utf8' | 'base64';
  as: 'hex' | 'base64' | 'base64url';
}

/** Given to each `perform` function beside the request. */
export interface PerformInfo {
  /** Place among the host calls of this call, from 1. */
  n: number;
  /** Aborted when the call ends, is cancelled, or loses the grant it runs under. */
  signal: AbortSignal;
}

/**
 * What the host really does. Each request was already judged against the call's grants. Answers are plain JSON-able data;
 * a rejection with `{code: string, message: string}` crosses as that code and message, any other as `failed`.
 */
export interface Perform<Scope> {
  /** `grants` is the call's live list of network grants: `regrant` changes it in place, so judge every redirect by it. */
  fetch(scope: Scope, request: FetchRequest, grants: readonly NetworkGrant[], info: PerformInfo): Promise<FetchAnswer>;
  store(scope: Scope, request: StoreRequest, info: PerformInfo): Promise<unknown>;
  emit(scope: Scope, request: EmitRequest, info: PerformInfo): Promise<unknown>;
  log(scope: Scope, line: LogLine): void;
  hmac?(scope: Scope, request: HmacRequest, info: PerformInfo): Promise<string>;
  records?(scope: Scope, query: unknown, info: PerformInfo): Promise<unknown>;
  schedule?(scope: Scope, request: unknown, info: PerformInfo): Promise<unknown>;
  files?(scope: Scope, request: unknown, info: PerformInfo): Promise<unknown>;
}

/** A finished host call as a recording keeps it: enough to answer the same request again without the host. */
export interface HostCallEntry {
  /** Place among the host calls of this call, from 1. */
  n: number;
  /** 2 when the call was run again after its process ended: what was told of the first run is void. */
  attempt: number;
  op: string;
  request: unknown;
  answer?: unknown;
  error?: { code: string; message: string };
  ms: number;
}

/** What a call with a journal read of the clock, in order; `is_cut`: later reads gave the last of these again. */
export interface Journal {
  clock: number[];
  is_cut: boolean;
}

/** One release of a plugin as one installation runs it. */
export interface Image {
  /** Names the installation and the release; isolates are never shared between ids. */
  id: string;
  name: string;
  version: string;
  /** One classic script that sets `__patchbay_plugin.default = { manifest, handlers }` (esbuild iife, made at intake). */
  script: string;
  /** Maps positions of `script` to the author's files. */
  source_map?: string;
  /** Unverified images never share a process. */
  trust: 'verified' | 'unverified';
  /** Without machine code: slower, in a process of its own. */
  jitless?: boolean;
  limits?: Partial<Limits>;
}

export interface CallRequest<Scope> {
  /** The image's id. */
  id: string;
  /** `actions.create_issue`, `triggers.push.receive`, `on.task.created`, `connect`, `test`, `install` … */
  handler: string;
  /** JSON list: what follows `ctx` in the handler's parameters. */
  args: string;
  /**
   * JSON `{config, integration, project, invocation, permissions}`. With `journal: {seed}` (64 hex digits) random values
   * grow from that seed and `onJournal` is told the clock; with `journal: {seed, clock}` the clock is read from there.
   */
  context: string;
  grants: Grant[];
  /** Handed back to `perform`; never leaves this process. */
  scope: Scope;
  use: 'call' | 'job';
  limits?: Partial<Limits>;
  signal?: AbortSignal;
  /** May run a second time when its process ended under it. */
  idempotent?: boolean;
}

/** A stream handler being read page by page. */
export interface StreamCall {
  /** One page: a call of its own, with its own limits. `value` is JSON text. Throws `SandboxError`. */
  next(): Promise<{ done: boolean; value: string; usage: Usage; logs: LogLine[] }>;
  /** Ends the generator and frees its place. Never throws. */
  return(): Promise<void>;
}

/** A mark against an image, and what became of it. */
export interface Strike {
  type: CallErrorType;
  message: string;
  handler: string;
  /** Strikes within ten minutes, this one included. */
  count: number;
  action: 'noted' | 'solitary' | 'disabled';
}

export interface SandboxOptions<Scope> {
  perform: Perform<Scope>;
  /** Shared processes for calls; as many again for jobs are started when first needed. Default: 2. */
  processes?: number;
  /** Folder for pid files where `setpriv` is missing: leftovers of a killed host are ended at the next start. */
  data?: string;
  limits?: Partial<Limits>;
  onStrike?(id: string, reason: Strike): void;
  /** Every finished host call but `log`, for recordings. Called only when given. */
  onHostCall?(scope: Scope, entry: HostCallEntry): void;
  /** What a call read of the clock, told before its end. Called when its context has `journal: {seed}` (64 hex digits). */
  onJournal?(scope: Scope, journal: Journal): void;
  log?(level: LogLine['level'], message: string, fields: Record<string, unknown>): void;
}

export interface SandboxMetrics {
  /** Processes by use. */
  processes: { calls: number; jobs: number; solitary: number; standby: number };
  /** Isolates loaded, and their heap in bytes. */
  isolates: number;
  heap_bytes: number;
  rss_bytes: number;
  in_flight: number;
  queued: number;
  /** Since the start. */
  calls: number;
  errors: Partial<Record<CallErrorType, number>>;
  /** Processes that ended, by reason. */
  kills: Record<string, number>;
  resent: number;
  cold_starts: number;
  /** Of these, with the code cache that another process had made. */
  cached_starts: number;
  /** Images whose code cache is kept. */
  code_caches: number;
  barriers: Record<string, boolean>;
}

export interface Inspection {
  manifest: unknown;
  /** `connect`, `test`, `actions.create_issue`, `streams.issues`, `triggers.push.receive`, `on.task.created` … */
  handlers: string[];
}

export interface Sandbox<Scope> {
  /** Registers an image. Isolates are made at the first call. Loading an id again replaces it. */
  load(image: Image): void;
  /** Forgets an image and ends its isolates; calls in flight finish, or are ended at their deadline. */
  unload(id: string): void;
  /** Runs a script once in a solitary process and says what it holds. Throws `SandboxError`. */
  inspect(image: Omit<Image, 'id'>): Promise<Inspection>;
  /** Runs one handler. Never throws for what the plugin did: see `CallResult`. */
  call(request: CallRequest<Scope>): Promise<CallResult>;
  /** Opens a stream handler; nothing runs before the first `next()`. */
  stream(request: CallRequest<Scope>): StreamCall;
  /** Replaces the grants of every call in flight of an image, for functions it has captured too. */
  regrant(id: string, grants: Grant[]): void;
  /** Lets a disabled image run again, its strikes forgotten. */
  resume(id: string): void;
  metrics(): SandboxMetrics;
  status(): 'up' | 'starting' | 'down';
  /** Which barriers around a sandbox process hold, tried from inside at start. */
  barriers(): Record<string, boolean>;
  /** Lets calls in flight finish for a moment, then ends every process. May be called twice. */
  close(): Promise<void>;
}
