import type { Role } from '../http/caller.ts';
import type { Shape } from '../http/shape.ts';
import { unwrittenUses } from './key-usage.ts';
import type {
  ApiKeyDoc,
  InvitationDoc,
  MembershipDoc,
  ProjectDoc,
  SessionDoc,
  UserDoc,
  WorkspaceDoc,
} from './model.ts';
import type {
  apiKeySchema,
  invitationSchema,
  memberSchema,
  projectSchema,
  sessionSchema,
  userSchema,
  workspaceSchema,
} from './schemas.ts';

/** A person as the API shows them. */
export function presentUser(user: UserDoc): Shape<typeof userSchema> {
  return {
    id: user._id,
    email: user.email,
    name: user.name,
    site_roles: user.site_roles,
    totp_active: user.totp_active,
    last_login_at: user.last_login_at?.toISOString() ?? null,
    created_at: user.created_at.toISOString(),
  };
}

/** A sign-in as its person sees it. */
export function presentSession(session: SessionDoc, current: string | null): Shape<typeof sessionSchema> {
  return {
    id: session._id,
    kind: session.kind,
    is_current: session._id === current,
    address: session.address,
    user_agent: session.user_agent,
    created_at: session.created_at.toISOString(),
    last_used_at: session.last_used_at.toISOString(),
    expires_at: session.expires_at.toISOString(),
  };
}

/** A workspace as a member sees it. */
export function presentWorkspace(workspace: WorkspaceDoc, role: Role | null): Shape<typeof workspaceSchema> {
  return {
    id: workspace._id,
    name: workspace.name,
    ip_allowlist: workspace.ip_allowlist,
    redirect_uris: workspace.redirect_uris,
    limits: {
      requests_per_hour: workspace.limits.requests_per_hour ?? null,
      requests_per_day: workspace.limits.requests_per_day ?? null,
      plugins: workspace.limits.plugins ?? null,
    },
    ...(role ? { role } : {}),
    created_at: workspace.created_at.toISOString(),
    updated_at: workspace.updated_at.toISOString(),
  };
}

/** A member; `user` is null for an account that is gone. */
export function presentMember(membership: MembershipDoc, user: UserDoc | null): Shape<typeof memberSchema> {
  return {
    user_id: membership.user_id,
    email: user?.email ?? '',
    name: user?.name ?? '',
    role: membership.role,
    joined_at: membership.created_at.toISOString(),
  };
}

/** An open invitation; its token only at the moment when it is made. */
export function presentInvitation(
  invitation: InvitationDoc,
  secret?: { token: string; url: string },
): Shape<typeof invitationSchema> {
  return {
    id: invitation._id,
    email: invitation.email,
    role: invitation.role,
    expires_at: invitation.expires_at.toISOString(),
    created_at: invitation.created_at.toISOString(),
    ...(secret ?? {}),
  };
}

/** A project as the API shows it. */
export function presentProject(project: ProjectDoc): Shape<typeof projectSchema> {
  return {
    id: project._id,
    name: project.name,
    description: project.description,
    time_zone: project.time_zone,
    is_default: project.is_default,
    created_by: project.created_by,
    created_at: project.created_at.toISOString(),
    updated_at: project.updated_at.toISOString(),
  };
}

/** An API key without the key. */
export function presentApiKey(key: ApiKeyDoc): Shape<typeof apiKeySchema> {
  const recent = unwrittenUses(key._id);
  const last_used_at = recent.last ?? key.last_used_at;
  const expired = key.expires_at !== null && key.expires_at.getTime() <= Date.now();
  return {
    id: key._id,
    name: key.name,
    mode: key.mode,
    prefix: key.prefix,
    scopes: key.scopes,
    project_id: key.project_id,
    rate_limit_per_hour: key.rate_limit_per_hour,
    rate_limit_per_day: key.rate_limit_per_day,
    ip_allowlist: key.ip_allowlist,
    status: key.revoked_at ? 'revoked' : expired ? 'expired' : 'active',
    expires_at: key.expires_at?.toISOString() ?? null,
    last_used_at: last_used_at?.toISOString() ?? null,
    usage_count: key.usage_count + recent.count,
    rotated_to: key.rotated_to,
    created_by: key.created_by,
    created_at: key.created_at.toISOString(),
  };
}
