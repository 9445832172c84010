import { model, Schema } from '../../database/mongoose.ts';

/** What only we know of a flow: OAuth 2's PKCE verifier, or OAuth 1.0a's temporary credentials. */
export interface FlowSecret {
  code_verifier?: string;
  temporary?: { oauth_token: string; oauth_token_secret: string };
}

/** An authorisation under way: what the vendor's redirect must match. Single use, ten minutes. */
export interface OAuthStateDoc {
  /** SHA-256 of the state: who reads the database cannot finish somebody's flow */
  _id: string;
  workspace_id: string;
  user_id: string;
  /** hash of the browser's cookie, when it was begun in one */
  browser: string | null;
  installation_id: string;
  auth_name: string;
  integration_id: string | null;
  project_id: string;
  scopes: string[];
  redirect_uri: string;
  /** where the browser goes afterwards, when not to the console */
  return_to: string | null;
  /** sealed: a `FlowSecret` */
  secret: string;
  created_by: { kind: 'user' | 'key'; id: string; label: string };
  expires_at: Date;
}

const schema = new Schema<OAuthStateDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    user_id: { type: String, required: true },
    browser: { type: String, default: null },
    installation_id: { type: String, required: true },
    auth_name: { type: String, required: true },
    integration_id: { type: String, default: null },
    project_id: { type: String, required: true },
    scopes: { type: [String], default: [] },
    redirect_uri: { type: String, required: true },
    return_to: { type: String, default: null },
    secret: { type: String, required: true },
    created_by: { type: Schema.Types.Mixed, required: true },
    expires_at: { type: Date, required: true },
  },
  { collection: 'oauth_states', versionKey: false },
);
schema.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
schema.index({ workspace_id: 1, integration_id: 1 });

export const OAuthState = model<OAuthStateDoc>('OAuthState', schema);
