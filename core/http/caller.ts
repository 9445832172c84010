/**
 * Who is asking, as far as HTTP needs to know. `core/access` finds out who it is;
 * routes and verbs take it as it is.
 */
export interface Caller {
  kind: 'user' | 'key';
  /** id of the user, or of the API key */
  id: string;
  /** what an audit entry or a log line shows: an e-mail address, or the key's prefix */
  label: string;
  /** the person behind it: the user itself, or whoever made the key */
  user_id: string;
  /** the workspace that this request is about; everything it reads or writes is there */
  workspace_id: string;
  role: Role;
  /** site-wide roles, beside the one in the workspace */
  site_roles: SiteRole[];
  /** scopes of an API key; a person has those of the role */
  scopes: string[] | null;
  /** set for an API key that belongs to one project */
  project_id: string | null;
  /** true when the session cookie (not a token) was used */
  by_cookie: boolean;
}

export type Role = 'owner' | 'admin' | 'developer' | 'viewer';
export type SiteRole = 'operator' | 'reviewer';
