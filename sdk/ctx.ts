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
  schedule: {
    once(action: string, input: unknown, at: string): Promise<{ id: string }>;
    cancel(id: string): Promise<void>;
  };
  records: { find(query: RecordQuery): Promise<{ records: unknown[]; after?: string }> };
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
  /** An object is sent as JSON. */
  body?: string | Uint8Array | object;
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
  means?: string;
  headers: Headers;
  url: string;
  /** `big: 'string'` keeps integers that a number cannot hold. */
  json<T = unknown>(options?: { big?: 'string' }): Promise<T>;
  text(): Promise<string>;
  bytes(): Promise<Uint8Array>;
  body: AsyncIterable<Uint8Array>;
}

export interface Store {
  get<T = unknown>(key: string): Promise<{ value: T; version: number } | undefined>;
  set(key: string, value: unknown, options?: { if_version?: number; ttl_s?: number }): Promise<{ version: number }>;
  delete(key: string): Promise<void>;
  list(options?: { prefix?: string; after?: string; limit?: number }): Promise<{ keys: string[]; after?: string }>;
}

export interface Files {
  read(id: string, range?: { from: number; to: number }): Promise<Uint8Array>;
  create(details: { name: string; type: string; from: string }): Promise<{ file_id: string; size: number }>;
  upload(id: string, url: string, init?: FetchInit): Promise<Answer>;
}

export interface RecordQuery {
  model?: string;
  stream?: string;
  since?: string;
  where?: Record<string, unknown>;
  after?: string;
  limit?: number;
}
