import type { Localized } from '../language/use-text.tsx';
import type { JsonSchema } from '../schema-form/json-schema.ts';

/** The parts of the API's answers that the console shows; the whole of them is in the OpenAPI document. */
export type Page<Name extends string, Item> = Record<Name, Item[]> & { total: number; page: number; size: number };

export interface Me {
  user: { id: string; email: string; name?: string; site_roles?: ('operator' | 'reviewer')[]; totp_active?: boolean };
  workspace_id?: string | null;
  role?: 'viewer' | 'developer' | 'admin' | 'owner' | null;
  workspaces?: { id: string; name: string; role: string }[];
}
export interface Permission {
  name: string;
  reason?: Localized;
  optional?: boolean;
  hosts?: string[];
  methods?: string[];
  paths?: string[];
  types?: string[];
  models?: string[];
  service?: string;
  private?: boolean;
  max_bytes?: number;
}
/** A grant is the asked permission without the words that explain it. */
export function asGrant({ reason: _reason, optional: _optional, ...scope }: Permission): Permission {
  return scope;
}
export interface Auth {
  name: string;
  type: string;
  title?: Localized;
  fields?: Record<string, JsonSchema & { optional?: boolean }>;
}
export interface Action {
  title: Localized;
  description?: Localized;
  input?: JsonSchema;
  output?: JsonSchema;
}
export interface Manifest {
  name: string;
  version: string;
  display_name?: Localized;
  description?: Localized;
  integration?: { type: string; category: string; service_type: string };
  permissions?: Permission[];
  configuration?: JsonSchema;
  auth?: Auth[];
  actions?: Record<string, Action>;
  streams?: Record<string, { title: Localized; model?: string }>;
  triggers?: Record<string, { title: Localized }>;
  events?: Record<string, { title?: Localized }>;
}
export interface Listing {
  name: string;
  display_name: string;
  description: string;
  publisher: string;
  /** null: nothing of it is published now */
  version: string | null;
  is_verified: boolean;
  is_deprecated?: boolean;
  is_blocked?: boolean;
  health?: MeasuredHealth | null;
  icon?: string | null;
  rating: number;
  review_count: number;
  download_count: number;
  /** 0 (nothing speaks against it) to 100, and why */
  risk: { score: number; points: { points: number; name: string; about: string | null; why: string }[] };
}
export interface MeasuredHealth {
  calls: number;
  /** share of calls that did not fail, 0 to 1 */
  crash_free: number;
  p95_ms: number;
}
/** How many plugins each value of a facet would leave. */
export type Facets = Partial<
  Record<'category' | 'auth_type' | 'permission' | 'publisher' | 'verified' | 'compatible', Record<string, number>>
>;
export interface ReleaseLine {
  version: string;
  state: string;
  state_reason?: string | null;
  published_at?: string;
  is_verified?: boolean;
  size?: number;
  deprecated?: { reason: string; at: string } | null;
}
/** A release with its manifest. */
export interface Release extends ReleaseLine {
  name: string;
  manifest: Manifest;
}
export interface Package extends Listing {
  manifest: Manifest;
  readme?: string | null;
  changelog?: string | null;
  versions: ReleaseLine[];
  permissions_asked: Permission[];
  screenshots: string[];
  ratings?: Record<string, number>;
  block_reason?: string | null;
  author?: string | null;
  license?: string | null;
  repository_url?: string | null;
  documentation_url?: string | null;
  support_url?: string | null;
  privacy_url?: string | null;
}
export interface Review {
  author: string;
  rating: number;
  text: string;
  version: string;
  is_mine?: boolean;
  created_at: string;
  updated_at: string;
}
export interface Publisher {
  name: string;
  display_name: string;
  is_first_party: boolean;
  origin?: string | null;
  keys: { key_id: string; added_at: string; revoked_at: string | null }[];
  created_at: string;
}
export interface Plugin {
  id: string;
  name: string;
  display_name: string;
  version: string;
  description: string;
  manifest: Manifest;
  permissions: Permission[];
  is_enabled: boolean;
  is_verified: boolean;
  icon?: string | null;
  installed_at: string;
  available_version: string | null;
  status: string;
  status_reason: string | null;
  pinned?: boolean;
  auto_upgrade?: 'manual' | 'patch' | 'minor';
  jitless?: boolean;
  is_recording?: boolean;
  previous_version?: string | null;
  canary_version?: string | null;
  integration_type?: string | null;
  /** its publisher advises against the installed release */
  deprecated?: { reason: string; at: string } | null;
  /** what became of the installed release; null for a sideload */
  release_state?: string | null;
  release_state_reason?: string | null;
}
/** What an upgrade would do. */
export interface UpgradePlan {
  from_version: string;
  to_version: string;
  published_at?: string | null;
  code_size?: { from: number; to: number };
  permissions_added: Permission[];
  permissions_removed: Permission[];
  configuration: {
    settings_added: string[];
    settings_removed: string[];
    migration: string | null;
    levels: { project_id: string | null; is_changed: boolean; errors: { pointer: string; message: string }[] }[];
  };
  findings?: { severity: string; file: string; message: string }[];
  health?: MeasuredHealth | null;
  can_apply: boolean;
}
export interface Canary {
  version: string;
  percent: number;
  started_at: string;
  ends_at: string;
  trial: MeasuredHealth | null;
  stable: MeasuredHealth | null;
  worse: string | null;
}
export interface Metrics {
  calls: number;
  errors: number;
  by_error?: Record<string, number>;
  cpu_ms?: number;
  heap_bytes?: number;
  host_calls?: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
  over_time: {
    at: string;
    calls: number;
    errors: number;
    cpu_ms?: number;
    heap_bytes?: number;
    host_calls?: number;
    p50_ms: number;
    p95_ms: number;
    p99_ms: number;
  }[];
}
export interface PermissionReport {
  declared: Permission[];
  granted: Permission[];
  used: { name: string; used: number; last_used_at: string | null; denied: number; last_denied_at: string | null }[];
}
export interface Project {
  id: string;
  name: string;
  is_default?: boolean;
}
export interface Configuration {
  configuration: Record<string, unknown>;
  effective: Record<string, unknown>;
  origins: Record<string, 'default' | 'workspace' | 'project'>;
  is_active: boolean;
  revision: number;
}
export interface Revision {
  revision: number;
  is_active: boolean;
  author: { kind: string; id: string; label: string };
  cause: string;
  at: string;
  changed: string[];
  diff: { name: string; from?: unknown; to?: unknown }[];
}
export interface Invocation {
  id: string;
  plugin_id?: string;
  plugin: string;
  version: string;
  is_canary?: boolean;
  cpu_ms?: number;
  heap_bytes?: number;
  bytes_in?: number;
  bytes_out?: number;
  attempt?: number;
  host_call_count?: number;
  denied_count?: number;
  has_recording?: boolean;
  cause?: { kind: string; id: string; label?: string | null };
  handler: string;
  status: 'succeeded' | 'failed' | 'timed_out';
  started_at: string;
  duration_ms: number | null;
  error?: { type: string; message: string; stack?: string | null } | null;
}
export interface LogLine {
  invocation_id?: string;
  handler?: string;
  at: string;
  level: string;
  message: string;
  fields?: Record<string, unknown>;
}
/** One call with its trace. */
export interface InvocationDetail extends Invocation {
  input_head?: string;
  output_head?: string | null;
  host_calls: { op: string; detail?: string; ok: boolean; ms: number; at_ms?: number; permission?: string }[];
  denied?: { permission: string; detail: string }[];
  logs: LogLine[];
}
/** A 202: its end is found under the invocation. */
export interface ActionGoesOn {
  invocation_id: string;
  status: 'queued';
}

export interface ActionResult {
  output: unknown;
  invocation_id: string;
  duration_ms: number;
}
export interface Integration {
  id: string;
  project_id: string;
  integration_type: string;
  service_type: string;
  name: string;
  status: 'active' | 'inactive' | 'error' | 'pending_setup';
  sync_error_message: string | null;
  last_sync_at: string | null;
  plugin_id?: string;
  sync_settings?: { sync_interval?: string; auto_sync?: boolean; streams?: string[]; time_zone?: string };
  auth_config: {
    auth_type: string;
    scopes?: string[] | null;
    expires_at?: string | null;
    account: string | null;
  } | null;
  configuration: Record<string, unknown>;
  created_at: string;
}
export interface EventEntry {
  id: string;
  type: string;
  data: unknown;
  occurred_at: string;
  created_at: string;
  source: { kind: string; id: string };
}
export interface ApiKey {
  id: string;
  name: string;
  scopes: string[];
  prefix: string;
  last_used_at: string | null;
  usage_count: number;
  status: 'active' | 'expired' | 'revoked';
  /** the key that takes over */
  rotated_to?: string | null;
  expires_at: string | null;
  created_at: string;
  /** the whole key, in the answer that made it only */
  key?: string;
}
export interface Health {
  status: string;
  version: string;
  database: string;
  cache: string;
  sandbox: string;
  webhooks_active: number | null;
  integrations_active: number | null;
  plugins_installed: number | null;
  timestamp: string;
  barriers: Record<string, boolean>;
}
export interface Sync {
  id: string;
  integration_id: string;
  sync_type: 'full' | 'incremental' | 'delta';
  status: 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';
  created_at: string;
  started_at?: string | null;
  counts: { read: number; created: number; updated: number; deleted: number; failed: number };
  progress: { stream: string | null; done?: number; of?: number | null; streams_done: number; streams_of: number };
  errors: { stream: string; message: string }[];
}
export interface IntegrationType {
  type: string;
  plugin: string;
  name: string;
  description: string;
  category: string;
  service_type: string;
  auth_types: string[];
  streams: string[];
  actions: string[];
  is_installed: boolean;
}
export interface IntegrationTypeSchema {
  type: string;
  plugin: string;
  configuration: JsonSchema;
  auth: {
    name: string;
    type: string;
    title: string;
    fields: Record<string, JsonSchema & { optional?: boolean }>;
    scopes: { scope: string; optional: boolean; reason: string }[];
  }[];
  app: Record<string, JsonSchema>;
  sync: {
    streams: { name: string; title: string; model: string | null; modes: string[]; source: string }[];
    sync_interval: string[];
  };
}
export interface OAuthClient {
  integration_type: string;
  client_id: string | null;
  fields: string[];
  source: 'workspace' | 'environment' | 'none';
  redirect_uri: string;
}
export interface IntegrationLog {
  id: string;
  action: string;
  level: 'info' | 'error';
  message: string;
  actor?: string | null;
  created_at: string;
}
export interface SyncedRecord {
  id: string;
  stream: string;
  model: string | null;
  external_id: string;
  data: Record<string, unknown> | null;
  raw: Record<string, unknown>;
  updated_at: string;
  deleted_at: string | null;
}
