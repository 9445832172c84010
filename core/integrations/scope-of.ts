import type { BrokerScope } from '../credentials/broker-scope.ts';
import type { Installation } from '../installations/model.ts';
import { readSettings } from '../invocations/settings.ts';
import type { IntegrationDoc } from './model.ts';

/** The scope of the host's own requests to the vendor for an integration: the same that its plugin's requests have. */
export async function scopeOf(
  installation: Installation,
  integration: Pick<IntegrationDoc, '_id' | 'project_id' | 'configuration'> | null,
  project_id: string | null = integration?.project_id ?? null,
): Promise<BrokerScope> {
  const settings = await readSettings(installation.workspace_id, installation, project_id);
  return {
    workspace_id: installation.workspace_id,
    installation,
    integration: integration && { _id: integration._id },
    project_id,
    configuration: { ...settings.values, ...integration?.configuration },
    configuration_secret: (name) => settings.secret(name),
  };
}
