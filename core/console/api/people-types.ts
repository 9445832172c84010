export const roles = ['viewer', 'developer', 'admin', 'owner'] as const;
export type Role = (typeof roles)[number];

export interface Member {
  user_id: string;
  email: string;
  name: string;
  role: Role;
  joined_at: string;
}
export interface Invitation {
  id: string;
  email: string | null;
  role: Role;
  expires_at: string;
  /** in the answer that made it only */
  url?: string;
}
export interface AuditEntry {
  id: string;
  at: string;
  actor: { kind: string; id: string; label: string };
  action: string;
  target: { kind: string; id: string; name: string | null };
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  address: string | null;
}
export interface Usage {
  limits: {
    subject: string;
    window_s: number;
    limit: number;
    used: number;
    remaining: number;
    reset_at: string;
  }[];
  counts: { members: number; projects: number; api_keys: number };
}
export interface Workspace {
  id: string;
  name: string;
  limits: { requests_per_hour: number | null; requests_per_day: number | null };
}
/** A place where the reader is signed in. */
export interface Session {
  id: string;
  kind: 'browser' | 'tokens' | 'device';
  is_current: boolean;
  address: string;
  user_agent: string;
  last_used_at: string;
}
