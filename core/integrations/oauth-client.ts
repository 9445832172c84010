import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { config } from '../config.ts';
import { OAuthClient } from '../credentials/oauth-client-model.ts';
import { newId } from '../database/id.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { seal, unseal } from '../vault/vault.ts';
import { findType } from './find-type.ts';
import { redirectUriOf } from './oauth/initiate.ts';

/** What may be shown of a workspace's OAuth app. */
export interface ShownClient {
  integration_type: string;
  client_id: string | null;
  fields: string[];
  source: 'workspace' | 'environment' | 'none';
  redirect_uri: string;
}

/** The OAuth app that this workspace's integrations of a type use, without its secrets. @throws Failure `plugin_not_found` */
export async function readOAuthClient(workspace_id: string, type: string): Promise<ShownClient> {
  const installation = await findType(workspace_id, { integration_type: type });
  const own = await OAuthClient.findOne({ workspace_id, installation_id: installation._id }).lean();
  const redirect_uri = redirectUriOf(installation.manifest);
  const integration_type = installation.manifest.integration?.type ?? type;
  if (own) return { integration_type, client_id: own.client_id, fields: own.names, source: 'workspace', redirect_uri };
  const host = config().app(integration_type);
  const names = Object.keys(host);
  const source = names.length > 0 ? 'environment' : 'none';
  // The operator's app is not this workspace's to see.
  return { integration_type, client_id: null, fields: names, source, redirect_uri };
}

/**
 * Sets the workspace's own OAuth app for a type; fields that are not given keep their value. Secrets that it replaces
 * still prove the vendor's webhooks for a day.
 *
 * @throws Failure `plugin_not_found`, `validation_failed` for a field that the plugin's app does not have
 */
export async function writeOAuthClient(
  caller: Caller,
  type: string,
  given: Record<string, string>,
): Promise<ShownClient> {
  const { workspace_id } = caller;
  const installation = await findType(workspace_id, { integration_type: type });
  const known = new Set([...Object.keys(installation.manifest.app ?? {}), 'client_id', 'client_secret']);
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Failure('validation_failed', {
      content: {
        errors: unknown.map((name) => ({
          pointer: `/${name}`,
          message: `is not a field of this app; it has ${[...known].join(', ')}`,
          keyword: 'additionalProperties',
          params: {},
        })),
      },
    });
  await transaction(async () => {
    const old = await OAuthClient.findOne({ workspace_id, installation_id: installation._id }).lean();
    const _id = old?._id ?? newId('oac');
    const place = { workspace_id, record: _id, field: 'fields' };
    const before = old ? (JSON.parse(unseal(old.fields, place)) as Record<string, string>) : {};
    const fields = { ...before, ...given };
    await OAuthClient.updateOne(
      { workspace_id, installation_id: installation._id },
      {
        $set: {
          integration_type: installation.manifest.integration?.type ?? type,
          client_id: fields.client_id ?? null,
          fields: seal(JSON.stringify(fields), place),
          names: Object.keys(fields),
          ...rotated(_id, workspace_id, before, fields),
        },
        $setOnInsert: { _id, created_by: caller.user_id },
      },
      { upsert: true },
    );
    await audit({
      workspace_id,
      caller,
      action: 'oauth_client.updated',
      target: { kind: 'oauth_client', id: _id, name: type },
      before: old ? { client_id: old.client_id } : null,
      after: { client_id: fields.client_id ?? null, fields: Object.keys(fields) },
    });
    await announce(workspace_id);
  });
  return readOAuthClient(workspace_id, type);
}

/** How long a vendor's webhooks may still be signed with the secrets before a rotation. */
const overlap_ms = 86_400_000;

/**
 * Keeps what a rotation replaced, for a while. With another `client_id` it is another app, whose secrets prove nothing
 * of the old one's; what did not change leaves an earlier rotation as it is.
 */
function rotated(_id: string, workspace_id: string, before: Record<string, string>, after: Record<string, string>) {
  if (before.client_id !== after.client_id) return { old_fields: null, old_until: null };
  const changed = Object.entries(before).filter(([name, value]) => after[name] !== value);
  if (changed.length === 0) return {};
  const place = { workspace_id, record: _id, field: 'old_fields' };
  const old_fields = seal(JSON.stringify(Object.fromEntries(changed)), place);
  return { old_fields, old_until: new Date(Date.now() + overlap_ms) };
}

/** Forgets the workspace's own app; the environment's is the fallback again. @throws Failure `plugin_not_found` */
export async function removeOAuthClient(caller: Caller, type: string): Promise<void> {
  const { workspace_id } = caller;
  const installation = await findType(workspace_id, { integration_type: type });
  await transaction(async () => {
    const old = await OAuthClient.findOneAndDelete({ workspace_id, installation_id: installation._id }).lean();
    if (!old) return;
    await audit({
      workspace_id,
      caller,
      action: 'oauth_client.deleted',
      target: { kind: 'oauth_client', id: old._id, name: type },
      before: { client_id: old.client_id },
    });
    await announce(workspace_id);
  });
}
