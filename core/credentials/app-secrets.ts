import { config } from '../config.ts';
import { unseal } from '../vault/vault.ts';
import type { BrokerScope } from './broker-scope.ts';
import type { Credential } from './credential.ts';
import { manifestOf } from './declared.ts';
import { OAuthClient } from './oauth-client-model.ts';

/**
 * The app's own fields (`client_id`, `client_secret`, `signing_secret` …), nearest first: those of the integration
 * (a vendor that its owner hosts), those that the workspace entered for this very plugin, those of the host's
 * environment. The last go only to a verified package that was granted `{name: "app", service}`: else any package that
 * names the service with a token address of its own would be handed the operator's secret.
 */
export async function appSecrets(
  scope: Pick<BrokerScope, 'workspace_id' | 'installation'>,
  credential: Credential | null,
): Promise<Record<string, string>> {
  const { installation, workspace_id } = scope;
  const service = grantedService(installation);
  const host = service !== null && installation.is_verified ? config().app(service) : {};
  const own = await OAuthClient.findOne({ workspace_id, installation_id: installation._id }).lean();
  const workspace = own
    ? (JSON.parse(unseal(own.fields, { workspace_id, record: own._id, field: 'fields' })) as Record<string, string>)
    : {};
  // An app is one thing: its id from one place and its secret from another would be no app at all.
  const declared = Object.fromEntries(
    Object.entries(manifestOf(installation).app ?? {}).flatMap(([name, field]) =>
      field.default === undefined ? [] : [[name, String(field.default)]],
    ),
  );
  if (credential?.app && Object.keys(credential.app).length > 0) return { ...declared, ...credential.app };
  if (Object.keys(workspace).length > 0) return { ...declared, ...workspace };
  return { ...declared, ...host };
}

/**
 * The app's secrets before their last rotation, while they are still good: a vendor signs with the old one for as long
 * as it takes to change it there. Null when there are none, or when the app's fields are not the workspace's own.
 */
export async function oldAppSecrets(
  scope: Pick<BrokerScope, 'workspace_id' | 'installation'>,
  credential: Credential | null,
  now_ms: number,
): Promise<Record<string, string> | null> {
  if (credential?.app && Object.keys(credential.app).length > 0) return null;
  const { installation, workspace_id } = scope;
  const own = await OAuthClient.findOne({ workspace_id, installation_id: installation._id }).lean();
  if (!own?.old_fields || (own.old_until?.getTime() ?? 0) <= now_ms) return null;
  return JSON.parse(unseal(own.old_fields, { workspace_id, record: own._id, field: 'old_fields' }));
}

function grantedService(installation: BrokerScope['installation']): string | null {
  for (const grant of installation.grants ?? []) {
    const { name, service } = grant as { name?: unknown; service?: unknown };
    if (name === 'app' && typeof service === 'string') return service;
  }
  return null;
}
