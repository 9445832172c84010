import type { Installation } from '../installations/model.ts';
import { mergeSettings } from '../invocations/settings.ts';
import { maskedSecret } from './check-values.ts';
import { shownValues } from './level.ts';
import { Configuration } from './model.ts';

/** One level of the settings, what a call sees with both, and where each value comes from. */
export async function presentConfiguration(installation: Installation, project_id: string | null) {
  const { workspace_id, _id: installation_id, manifest } = installation;
  const [workspace, project] = await Promise.all([
    Configuration.findOne({ workspace_id, installation_id, project_id: null }).lean(),
    project_id === null ? null : Configuration.findOne({ workspace_id, installation_id, project_id }).lean(),
  ]);
  const own = project_id === null ? workspace : project;
  const merged = mergeSettings(manifest, workspace ?? undefined, project ?? undefined);
  return {
    plugin_id: installation_id,
    project_id,
    configuration: own ? shownValues(own, manifest) : {},
    effective: {
      ...merged.values,
      ...Object.fromEntries(merged.secrets.map((name) => [name, maskedSecret])),
    },
    origins: merged.origins,
    is_active: merged.is_active,
    revision: own?.revision ?? 0,
    updated_at: own?.updated_at.toISOString() ?? null,
    updated_by: own?.updated_by ?? null,
  };
}
