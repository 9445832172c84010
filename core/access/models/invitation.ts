import { model, Schema } from '../../database/mongoose.ts';
import type { Role, SiteRole } from '../../http/caller.ts';

/** A link that makes its bearer a member; the first admin's setup link is one with site roles and no address yet. */
export interface InvitationDoc {
  _id: string;
  workspace_id: string;
  /** null: whoever holds the link chooses */
  email: string | null;
  role: Role;
  site_roles: SiteRole[];
  /** SHA-256 of the token */
  token_hash: string;
  invited_by: string | null;
  expires_at: Date;
  accepted_at: Date | null;
  created_at: Date;
}

const invitation = new Schema<InvitationDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    email: { type: String, default: null },
    role: { type: String, required: true, enum: ['owner', 'admin', 'developer', 'viewer'] },
    site_roles: { type: [String], default: [] },
    token_hash: { type: String, required: true },
    invited_by: { type: String, default: null },
    expires_at: { type: Date, required: true },
    accepted_at: { type: Date, default: null },
  },
  { timestamps: { createdAt: 'created_at', updatedAt: false }, versionKey: false },
);
invitation.index({ token_hash: 1 }, { unique: true });
invitation.index({ workspace_id: 1, created_at: -1 });
invitation.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
export const Invitation = model('Invitation', invitation, 'invitations');
