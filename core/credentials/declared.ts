/**
 * What a manifest declares about speaking with a vendor (`CONTRACT.md`, section 2), as this folder reads it.
 * The manifest was checked at intake against the published schema; these types only name its parts.
 */

/** `{source.name|filter}` */
export type Template = string;

/** Where a value stands in something that came from the vendor. */
export type Ref =
  | { header: string; json?: string; pattern?: string }
  | { query: string }
  | { body: string; pattern?: string };

export interface Field {
  type?: string;
  title?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  default?: unknown;
  optional?: boolean;
}
export type Fields = Record<string, Field>;

export interface Place {
  in: 'header' | 'query' | 'form' | 'json';
  name: string;
  value: Template;
  only?: string[];
}

export type Sign =
  | { scheme: 'hmac'; algorithm: string; key: Template; message: Template; encoding: string; to: Place }
  | { scheme: 'jwt'; algorithm: string; key: Template; claims: Record<string, unknown>; life_s: number }
  | { scheme: 'oauth1'; method: string }
  | { scheme: 'alipay-rsa2' | 'alipay-v3'; key: Template; verify_with: Template };

export interface Call {
  method?: string;
  url: Template;
  as?: 'form' | 'json' | 'query';
  client?: 'basic' | 'body' | 'none';
  headers?: Record<string, Template>;
  params?: Record<string, Template>;
  sign?: Sign;
  auth?: string;
}

export interface Yields {
  at?: string;
  strip_prefix?: string;
  secrets: Record<string, string>;
  expires_in?: string;
  expires_at?: string;
  unit?: 's' | 'ms';
  default_life_s?: number;
  scope?: string;
  each?: { at: string; key: string };
}

export interface Refresh {
  url?: Template;
  params?: Record<string, Template>;
  old_token?: 'lives' | 'dies_on_use' | 'dies_when_new_is_used';
  margin_s?: number;
  idle_life_s?: number;
}

export interface Authorize {
  url: Template;
  params?: Record<string, Template>;
  scopes?: (string | { scope: string; optional?: boolean; reason?: string })[];
  separator?: string;
  pkce?: 'S256' | 'none';
  code_param?: string;
  client_id_param?: string;
  verify?: unknown;
}

/** One way to authorise at the vendor: an entry of `auth`. */
export interface Auth {
  name: string;
  type: string;
  title?: unknown;
  fields?: Fields;
  base_url?: Template;
  hosts?: Template[];
  inject?: Place[];
  sign?: Sign;
  tls?: { ca?: Template; cert?: Template; key?: Template; server_name?: Template };
  exchange?: string;
  request?: Call;
  authorize?: Authorize;
  token?: Call;
  yields?: Yields;
  also?: Record<string, Yields>;
  revoke?: Call;
  refresh?: 'none' | Refresh;
}

export interface AnswerRule {
  when: {
    status?: number | number[];
    header?: Record<string, string | string[]>;
    type?: string;
    body?: Record<string, unknown[]>;
    paths?: string[];
  };
  means: string;
  after?: Ref;
  message?: Ref;
}

export interface RateLimit {
  name: string;
  per: 'app' | 'credential' | 'account' | 'host';
  paths?: string[];
  methods?: string[];
  limit?: number;
  window_s?: number;
  refill_per_s?: number;
  concurrent?: number;
  cost?: number | Ref;
  tells?: {
    limit?: Ref;
    remaining?: Ref;
    used?: Ref;
    used_percent?: Ref;
    reset?: Ref;
    refill?: Ref;
    reset_as?: 'epoch_s' | 'epoch_ms' | 'in_s' | 'in_ms' | 'date';
  };
}

export interface Learn {
  from: 'token' | 'callback' | 'connect';
  at?: string;
  pattern?: string;
  same_as?: string;
}

/** The parts of a manifest that say how to speak with the vendor. */
export interface VendorPart {
  name?: string;
  integration?: { type: string; category?: string; service_type?: string };
  app?: Fields;
  auth?: Auth[];
  answers?: AnswerRule[];
  redact?: string[];
  learn?: Record<string, Learn>;
  exchanges?: Record<string, { request: Call; yields: Yields; keep?: string[] }>;
  rate_limits?: RateLimit[];
  configuration?: { properties?: Record<string, { format?: string }> };
}

/** The vendor's part of an installed manifest. */
export function vendorPart(installation: { manifest: unknown }): VendorPart {
  return installation.manifest as VendorPart;
}

/** The auth entry with this name; the first one when no name is given. */
export function authNamed(part: VendorPart, name: string | null | undefined): Auth | undefined {
  return name ? part.auth?.find((auth) => auth.name === name) : part.auth?.[0];
}
