import { judgeFetch } from '../../../sandbox/capabilities/fetch.ts';
import type { Auth } from '../../../sdk/contract/manifest/auth.ts';
import type { IntegrationDoc } from '../../integrations/model.ts';
import type { BrokerScope } from '../broker-scope.ts';
import type { Credential } from '../credential.ts';
import { resolveNetworkGrants } from '../hosts.ts';
import { fill, loadValues, type Values } from '../template-values.ts';
import type { TokenPoint } from './token-call.ts';

/** The values and rules for the host's own calls to one vendor. */
export async function tokenPoint(
  scope: BrokerScope,
  auth: Auth,
  integration: IntegrationDoc | null,
  credential: Credential | null,
): Promise<TokenPoint> {
  const grants = scope.installation.grants ?? [];
  // `{app.client_id}` is always loaded: client authentication uses it without a template.
  const values = await loadValues(scope, integration, credential, [auth, grants, '{app.client_id}']);
  return { auth, values, allow_private: mayBePrivate(auth, values, grants) };
}

/** Whether the installation was granted the token address (or the vendor's base address) as a private one. */
function mayBePrivate(auth: Auth, values: Values, grants: readonly unknown[]): boolean {
  const open = resolveNetworkGrants(grants, values).filter((grant) => grant.private === true);
  return [auth.token?.url, auth.base_url].some((template) => {
    if (template === undefined || open.length === 0) return false;
    const url = URL.parse(fill(template, values));
    return (
      url !== null &&
      judgeFetch(
        open.map(({ hosts }) => ({ name: 'network', hosts })),
        { url: url.href, method: 'POST' },
      ).ok
    );
  });
}
