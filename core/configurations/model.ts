import { model, Schema } from '../database/mongoose.ts';

/** A secret setting; the text opens only for this configuration and name. */
export interface SealedSetting {
  name: string;
  sealed: string;
}

/** What one project (or, with `project_id` null, the whole workspace) told one installation. */
export interface Configuration {
  _id: string;
  workspace_id: string;
  installation_id: string;
  project_id: string | null;
  /** the settings as JSON text: a plugin's schema decides their names, which documents may take badly */
  values_text: string;
  secrets: SealedSetting[];
  /** false: the plugin is off here; null: as the level below says, and on where none says anything */
  is_active: boolean | null;
  /** 1 for the first; writers name the one that they read */
  revision: number;
  updated_by: string;
  created_at: Date;
  updated_at: Date;
}

/** A configuration as it was. */
export interface ConfigurationRevision {
  /** `cfg_…:3` */
  _id: string;
  workspace_id: string;
  configuration_id: string;
  installation_id: string;
  project_id: string | null;
  revision: number;
  values_text: string;
  secrets: SealedSetting[];
  is_active: boolean | null;
  author: { kind: string; id: string; label: string };
  /** why there is one: `created`, `updated`, `restored 2`, `migrated 1.0.0 to 2.0.0`, `rolled back` */
  cause: string;
  at: Date;
}

const secrets = { type: [{ _id: false, name: String, sealed: String }], default: [] };

const schema = new Schema<Configuration>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    installation_id: { type: String, required: true },
    project_id: { type: String, default: null },
    values_text: { type: String, required: true },
    secrets,
    is_active: { type: Boolean, default: null },
    revision: { type: Number, required: true },
    updated_by: { type: String, required: true },
  },
  {
    collection: 'configurations',
    versionKey: false,
    timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' },
  },
);
schema.index({ installation_id: 1, project_id: 1 }, { unique: true });
schema.index({ workspace_id: 1, installation_id: 1 });

const revision = new Schema<ConfigurationRevision>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    configuration_id: { type: String, required: true },
    installation_id: { type: String, required: true },
    project_id: { type: String, default: null },
    revision: { type: Number, required: true },
    values_text: { type: String, required: true },
    secrets,
    is_active: { type: Boolean, default: null },
    author: { kind: String, id: String, label: String },
    cause: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'configuration_revisions', versionKey: false },
);
revision.index({ workspace_id: 1, configuration_id: 1, revision: -1 });
revision.index({ installation_id: 1 });

export const Configuration = model<Configuration>('Configuration', schema);
export const ConfigurationRevision = model<ConfigurationRevision>('ConfigurationRevision', revision);
