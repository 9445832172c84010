import type { IntegrationDoc } from '../integrations/model.ts';
import { seal, unseal } from '../vault/vault.ts';

/** What an integration holds to act at the vendor. It exists only sealed, and in this process while a request is made. */
export interface Credential {
  /** The fields of the auth kind, and what a token answer yielded: `access_token`, `refresh_token`, `api_key` … */
  values: Record<string, string>;
  /** The app's own fields for a vendor that this integration's owner hosts; nearest wins over workspace and host. */
  app?: Record<string, string>;
  /** Tokens from `also` and `exchanges`: name → key (`''` when there is one) → values. */
  others?: Record<string, Record<string, { values: Record<string, string>; expires_at?: string }>>;
}

type Holder = Pick<IntegrationDoc, '_id' | 'workspace_id'>;

const contextOf = (holder: Holder, field: string) => ({ workspace_id: holder.workspace_id, record: holder._id, field });

/** Seals a credential for one integration; it opens for no other. */
export function sealCredential(integration: Holder, credential: Credential): string {
  return seal(JSON.stringify(credential), contextOf(integration, 'credential'));
}

/** The credential of an integration, or `null` when it has none. @throws VaultError */
export function openCredential(integration: Holder & Pick<IntegrationDoc, 'credential'>): Credential | null {
  if (integration.credential === null) return null;
  return JSON.parse(unseal(integration.credential, contextOf(integration, 'credential'))) as Credential;
}

/** Seals the secret settings of one integration. */
export function sealSettings(integration: Holder, secrets: Record<string, string>): string | null {
  if (Object.keys(secrets).length === 0) return null;
  return seal(JSON.stringify(secrets), contextOf(integration, 'configuration_secrets'));
}

/** The secret settings of one integration. @throws VaultError */
export function openSettings(
  integration: Holder & Pick<IntegrationDoc, 'configuration_secrets'>,
): Record<string, string> {
  if (integration.configuration_secrets === null) return {};
  return JSON.parse(
    unseal(integration.configuration_secrets, contextOf(integration, 'configuration_secrets')),
  ) as Record<string, string>;
}
