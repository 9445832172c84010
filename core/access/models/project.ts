import { model, Schema } from '../../database/mongoose.ts';

export interface ProjectDoc {
  _id: string;
  workspace_id: string;
  name: string;
  description: string;
  /** IANA name; schedules and plugins count days by it */
  time_zone: string;
  /** the one that is meant when a request names none; exactly one a workspace */
  is_default: boolean;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
}

const project = new Schema<ProjectDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    name: { type: String, required: true },
    description: { type: String, default: '' },
    time_zone: { type: String, default: 'UTC' },
    is_default: { type: Boolean, default: false },
    created_by: { type: String, default: null },
  },
  { timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' }, versionKey: false },
);
project.index({ workspace_id: 1, name: 1 }, { unique: true });
export const Project = model('Project', project, 'projects');
