import { LRUCache } from 'lru-cache';
import type { Grant } from '../../sandbox/types.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { model, Schema } from '../database/mongoose.ts';

export type InstallationStatus = 'ok' | 'disabled' | 'suspect' | 'blocked' | 'tampered';
export type AutoUpgrade = 'manual' | 'patch' | 'minor';

/** A release as an installation runs it, ran it, or tries it. */
export interface RunningRelease {
  version: string;
  /** sha512 of the packed bytes: where the bundle is stored */
  integrity: string;
  /** sha256 of the canonical manifest */
  digest: string;
  /** the manifest as JSON text: its field names hold dots and dollar signs, which documents take badly */
  manifest_text: string;
  /** what an admin granted, as the manifest asked for it or narrower; templates not yet resolved */
  grants: Grant[];
  /** what the trial load found: `actions.create_issue`, `install` … */
  handlers: string[];
}

/** What rollback goes back to: the release, and the revision each configuration had. */
export interface PreviousRelease extends RunningRelease {
  configurations: { configuration_id: string; revision: number }[];
  replaced_at: Date;
}

/** A release that serves a share of the projects until it has proved itself. */
export interface Canary extends RunningRelease {
  percent: number;
  started_at: Date;
  ends_at: Date;
  started_by: string;
}

/** This workspace runs this package at this release with these grants. On the wire: "plugin". */
export interface Installation extends RunningRelease {
  _id: string;
  workspace_id: string;
  /** `@acme/issues`, unique in the workspace */
  name: string;
  publisher: string;
  /** `manifest_text` parsed: filled in by the model, never stored */
  manifest: Manifest;
  source: 'marketplace' | 'sideload';
  is_enabled: boolean;
  is_verified: boolean;
  verification_date: Date | null;
  installed_by: string;
  installed_at: Date;
  updated_at: Date;
  previous: PreviousRelease | null;
  canary: Canary | null;
  status: InstallationStatus;
  status_reason: string | null;
  pinned: boolean;
  auto_upgrade: AutoUpgrade;
  jitless: boolean;
  /** calls are recorded for replay */
  is_recording: boolean;
  integration_type: string | null;
  provider: string | null;
}

const release = {
  version: { type: String, required: true },
  integrity: { type: String, required: true },
  digest: { type: String, required: true },
  manifest_text: { type: String, required: true },
  grants: { type: Schema.Types.Mixed, default: () => [] },
  handlers: { type: [String], default: [] },
};

const schema = new Schema<Installation>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    name: { type: String, required: true },
    publisher: { type: String, required: true },
    ...release,
    source: { type: String, default: 'marketplace', enum: ['marketplace', 'sideload'] },
    is_enabled: { type: Boolean, default: true },
    is_verified: { type: Boolean, default: false },
    verification_date: { type: Date, default: null },
    installed_by: { type: String, required: true },
    installed_at: { type: Date, required: true },
    previous: {
      type: new Schema(
        {
          ...release,
          configurations: { type: [{ _id: false, configuration_id: String, revision: Number }], default: [] },
          replaced_at: Date,
        },
        { _id: false },
      ),
      default: null,
    },
    canary: {
      type: new Schema(
        { ...release, percent: Number, started_at: Date, ends_at: Date, started_by: String },
        { _id: false },
      ),
      default: null,
    },
    status: { type: String, default: 'ok', enum: ['ok', 'disabled', 'suspect', 'blocked', 'tampered'] },
    status_reason: { type: String, default: null },
    pinned: { type: Boolean, default: false },
    auto_upgrade: { type: String, default: 'manual', enum: ['manual', 'patch', 'minor'] },
    jitless: { type: Boolean, default: false },
    is_recording: { type: Boolean, default: true },
    integration_type: { type: String, default: null },
    provider: { type: String, default: null },
  },
  {
    collection: 'installations',
    versionKey: false,
    minimize: false,
    timestamps: { createdAt: false, updatedAt: 'updated_at' },
  },
);
schema.index({ workspace_id: 1, name: 1 }, { unique: true });
schema.index({ workspace_id: 1, integration_type: 1 });
schema.index({ name: 1 });
schema.index({ 'canary.ends_at': 1 }, { sparse: true });

const parsed = new LRUCache<string, Manifest>({ max: 200 });

/** The manifest of a release, parsed once for each digest: its schemas are compiled once then. Not to be changed. */
export function parseManifest({ digest, manifest_text }: Pick<RunningRelease, 'digest' | 'manifest_text'>): Manifest {
  const known = parsed.get(digest);
  if (known) return known;
  const manifest = JSON.parse(manifest_text) as Manifest;
  parsed.set(digest, manifest);
  return manifest;
}

schema
  .virtual('manifest')
  .get(function manifest(this: RunningRelease): Manifest {
    return parseManifest(this);
  })
  .set(function setManifest(this: { manifest_text: string }, value: Manifest) {
    this.manifest_text = JSON.stringify(value);
  });

// Lean results are plain objects without virtuals: they get the parsed manifest here.
schema.post(['find', 'findOne', 'findOneAndUpdate', 'findOneAndDelete'], function attach(found: unknown) {
  for (const one of Array.isArray(found) ? found : [found]) {
    if (one && !(one as { $__?: unknown }).$__ && typeof one.manifest_text === 'string') {
      one.manifest = parseManifest(one);
    }
  }
});

export const Installation = model<Installation>('Installation', schema);
