import type { Installation } from '../installations/model.ts';
import { readSettings, type Settings } from '../invocations/settings.ts';

/** What a call of an installation sees in a project: values without secrets, revision, and whether it is on there. */
export function effectiveConfiguration(
  workspace_id: string,
  installation: Installation,
  project_id: string | null,
): Promise<Settings> {
  return readSettings(workspace_id, installation, project_id);
}

/** The value of a secret setting; null when it is not set. */
export async function configurationSecret(
  workspace_id: string,
  installation: Installation,
  project_id: string | null,
  name: string,
): Promise<string | null> {
  const settings = await readSettings(workspace_id, installation, project_id);
  return settings.secret(name);
}
