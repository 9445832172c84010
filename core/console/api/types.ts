import type { Localized } from '../language/use-text.tsx';
import type { JsonSchema } from '../schema-form/json-schema.ts';

/** The parts of the API's answers that the console shows; the whole of them is in the OpenAPI document. */
export type Page<Name extends string, Item> = Record<Name, Item[]> & { total: number; page: number; size: number };

export interface Me {
  user: { id: string; email: string; name?: string; site_roles?: ('operator' | 'reviewer')[] };
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
  /** null: nothing of it is published now */
  version: string | null;
  is_verified: boolean;
  icon?: string | null;
  rating: number;
  review_count: number;
  download_count: number;
  /** 0 (nothing speaks against it) to 100, and why */
  risk: { score: number; points: { points: number; why: string }[] };
}
export interface Package extends Listing {
  manifest: Manifest;
  readme?: string | null;
  changelog?: string | null;
  versions: { version: string; state: string; published_at?: string }[];
  permissions_asked: Permission[];
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
}
export interface Configuration {
  configuration: Record<string, unknown>;
  effective: Record<string, unknown>;
  is_active: boolean;
  revision: number;
}
export interface Invocation {
  id: string;
  handler: string;
  status: 'succeeded' | 'failed' | 'timed_out';
  started_at: string;
  duration_ms: number | null;
  error?: { type: string; message: string } | null;
}
export interface LogLine {
  at: string;
  level: string;
  message: string;
  fields?: Record<string, unknown>;
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
  sync_type: 'full' | 'incremental' | 'delta';
  status: 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';
  created_at: string;
  started_at?: string | null;
  counts: { read: number; created: number; updated: number; deleted: number; failed: number };
  progress: { stream: string | null; streams_done: number; streams_of: number };
  errors: { stream: string; message: string }[];
}
