import type { PermissionName } from './contract/manifest/permissions.ts';
import type { ConfigOf, EventDataOf, EventTypeOf, ManifestLike, SecretNameOf } from './inferred.ts';

/** Everything that a handler may touch. What was not granted is not there, and using it fails as `denied`. */
export interface Ctx<M extends ManifestLike = ManifestLike> {
  /** The settings, without their secrets. */
  config: ConfigOf<M>;
  /** The account that this call is about; `null` when it is about none. */
  integration: {
    id: string;
    name: string;
    account?: string;
    metadata: Record<string, unknown>;
    scopes: string[];
  } | null;
  project: { id: string; name: string; time_zone: string };
  invocation: { id: string; attempt: number; deadline: string };
  /** Aborted when the call is cancelled or its time is up. */
  signal: AbortSignal;
  /** A request to the vendor; the host adds the credential. A relative `url` is against the auth's `base_url`. */
  fetch(url: string, init?: FetchInit): Promise<Answer>;
  /** Small state that lasts: per integration, else per installation and project. */
  store: Store;
  files: Files;
  /** Emits a declared event. The same `id` again has no effect. */
  emit<Type extends EventTypeOf<M>>(
    type: Type,
    data: EventDataOf<M, Type>,
    more?: { id?: string; occurred_at?: string },
  ): Promise<void>;
  log: Record<'debug' | 'info' | 'warn' | 'error', (message: string, fields?: Record<string, unknown>) => void>;
  permissions: { has(name: PermissionName, scope?: string): boolean };
  /** Runs a handler of this plugin later; what may be asked for is the host's schema. */
  schedule(request: { handler: string; input?: unknown; at?: string; after_s?: number }): Promise<unknown>;
  /** Synced records of this project, by unified model. */
  records: { list(query: RecordQuery): Promise<unknown>; get(model: string, id: string): Promise<unknown> };
  crypto: {
    hash(algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512', data: string | Uint8Array, as?: ByteText): Promise<string>;
    /** Keyed with a secret of the settings, by its name; the secret never enters the sandbox. */
    hmac(
      algorithm: 'sha1' | 'sha256' | 'sha512',
      secret: SecretNameOf<M>,
      data: string | Uint8Array,
      as?: ByteText,
    ): Promise<string>;
    random(bytes: number): Uint8Array;
  };
}

export type ByteText = 'hex' | 'base64' | 'base64url';

export interface FetchInit {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  headers?: Record<string, string>;
  query?: Record<string, string | number | boolean | readonly (string | number)[] | undefined>;
  /** JSON is sent as `JSON.stringify(value)` with its content type. */
  body?: string | Uint8Array | ArrayBuffer | URLSearchParams | FormData | Blob;
  /** Name of an auth or exchange; `false` sends no credential. */
  auth?: string | false;
  /** Which of an exchange's tokens. */
  as?: string;
  redirect?: 'follow' | 'manual' | 'error';
  timeout_ms?: number;
  /** It may be sent again after a lost answer. GET, HEAD, PUT and DELETE are, unless `false`. */
  idempotent?: boolean;
  max_bytes?: number;
}

/** The vendor's answer. `means` is what the manifest's `answers` make of it. */
export interface Answer {
  status: number;
  ok: boolean;
  means: string;
  headers: Headers;
  url: string;
  /** `big: 'string'` keeps integers that a number cannot hold. */
  json<T = unknown>(options?: { big?: 'string' }): Promise<T>;
  text(): Promise<string>;
  bytes(): Promise<Uint8Array>;
  body: AsyncIterable<Uint8Array>;
}

export interface Store {
  /** `null` when there is none, or its time is over. */
  get<T = unknown>(key: string): Promise<{ value: T; version: number } | null>;
  /** `if_version` makes it fail unless the stored version is that one; 0 means "not yet there". */
  set(key: string, value: unknown, options?: { if_version?: number; ttl_s?: number }): Promise<{ version: number }>;
  /** Whether there was one. */
  delete(key: string): Promise<boolean>;
  /** Keys in order, at most `limit` (100). */
  list(options?: { prefix?: string; after?: string; limit?: number }): Promise<string[]>;
}

export interface Files {
  info(id: string): Promise<{ id: string; name: string; type: string; size: number }>;
  read(id: string, range?: { offset?: number; length?: number }): Promise<unknown>;
  create(request: { name: string; type: string; from?: string }): Promise<{ file_id: string; size: number }>;
  upload(id: string, request: { url: string; method?: string; headers?: Record<string, string> }): Promise<unknown>;
}

export interface RecordQuery {
  model: string;
  stream?: string;
  since?: string;
  after?: string;
  limit?: number;
}
