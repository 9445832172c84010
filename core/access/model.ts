/** The models of access; importable by every noun. */
export { ApiKey, type ApiKeyDoc } from './models/api-key.ts';
export { Burst, type BurstDoc } from './models/burst.ts';
export { DeviceLogin, type DeviceLoginDoc } from './models/device-login.ts';
export { Invitation, type InvitationDoc } from './models/invitation.ts';
export { Membership, type MembershipDoc, membershipId } from './models/membership.ts';
export { Project, type ProjectDoc } from './models/project.ts';
export { Quota, type QuotaDoc } from './models/quota.ts';
export { Session, type SessionDoc } from './models/session.ts';
export { User, type UserDoc } from './models/user.ts';
export {
  type PluginLimits,
  pluginLimitNames,
  Workspace,
  type WorkspaceDoc,
  type WorkspaceLimits,
} from './models/workspace.ts';
