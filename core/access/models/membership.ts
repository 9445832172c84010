import { model, Schema } from '../../database/mongoose.ts';
import type { Role } from '../../http/caller.ts';

export interface MembershipDoc {
  /** `<workspace>:<user>`, so that nobody is a member twice */
  _id: string;
  workspace_id: string;
  user_id: string;
  role: Role;
  created_at: Date;
}

const membership = new Schema<MembershipDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    user_id: { type: String, required: true },
    role: { type: String, required: true, enum: ['owner', 'admin', 'developer', 'viewer'] },
  },
  { timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' }, versionKey: false },
);
membership.index({ workspace_id: 1, created_at: 1 });
membership.index({ user_id: 1, created_at: 1 });
export const Membership = model('Membership', membership, 'memberships');

/** The id of a membership. */
export function membershipId(workspace_id: string, user_id: string): string {
  return `${workspace_id}:${user_id}`;
}
