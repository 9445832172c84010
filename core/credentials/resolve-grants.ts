import type { Grant } from '../../sandbox/types.ts';
import { Integration, type IntegrationDoc } from '../integrations/model.ts';
import type { BrokerScope } from './broker-scope.ts';
import { openCredential } from './credential.ts';
import { resolveNetworkGrants } from './hosts.ts';
import { loadValues } from './template-values.ts';

/**
 * The grants of an installation as the sandbox takes them: host templates (`{config.host}`, `{credential.site}`,
 * `{integration.shop}`) replaced by the hosts that they stand for in this scope, everything else as it is.
 */
export async function resolveGrants(scope: BrokerScope): Promise<Grant[]> {
  const grants = (scope.installation.grants ?? []) as Grant[];
  const network = grants.filter((grant) => grant.name === 'network');
  const integration = await integrationOf(scope);
  const credential = integration ? openCredential(integration) : null;
  const values = await loadValues(scope, integration, credential, network);
  return [...grants.filter((grant) => grant.name !== 'network'), ...resolveNetworkGrants(network, values)];
}

/** The scope's integration as it is stored now; `null` when there is none, or it is another workspace's or plugin's. */
export async function integrationOf(scope: BrokerScope): Promise<IntegrationDoc | null> {
  if (!scope.integration) return null;
  return Integration.findOne({
    _id: scope.integration._id,
    workspace_id: scope.workspace_id,
    installation_id: scope.installation._id,
  }).lean();
}
