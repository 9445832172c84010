import type { Permission } from './types.ts';

export interface Publisher {
  name: string;
  display_name: string;
  is_first_party: boolean;
  /** the registry that it is mirrored from; null: this one */
  origin?: string | null;
  keys: {
    key_id: string;
    public_key: string;
    added_at: string;
    revoked_at: string | null;
    revoked_reason?: string | null;
  }[];
}
export interface PublisherMember {
  user_id: string;
  email?: string | null;
  role: 'owner' | 'member';
}
export interface Release {
  name: string;
  version: string;
  publisher: string;
  state: 'submitted' | 'published' | 'yanked' | 'rejected';
  state_reason: string | null;
  is_verified: boolean;
  verified_by: string | null;
  verified_reason: string | null;
  deprecated: { reason: string; at: string } | null;
  published_at: string;
  download_count: number;
}
export interface ListedRelease extends Release {
  findings_count: { error: number; warning: number; info: number };
}
export interface Finding {
  rule: string;
  severity: 'error' | 'warning' | 'info';
  file: string;
  line?: number;
  message: string;
  fix: string;
}
export interface PackageStats {
  installs: number;
  versions: Record<string, number>;
  downloads: Record<string, number>;
  errors: { version: string; handler: string; type: string; message: string; count: number; last_at: string }[];
  health: { calls: number; crash_free: number; p95_ms: number } | null;
}
export interface ReleaseDiff {
  from: string | null;
  permissions: { added: Permission[]; removed: Permission[] };
  files: {
    path: string;
    change: 'added' | 'removed' | 'changed';
    added: number;
    removed: number;
    lines: ({ kind: 'same' | 'added' | 'removed'; text: string } | null)[];
  }[];
}
export interface Published {
  release: Release;
  is_new: boolean;
  findings: Finding[];
}
