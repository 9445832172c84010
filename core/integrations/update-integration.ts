import { Failure } from '../../sdk/contract/failure.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { placesOf } from '../../sdk/contract/template.ts';
import { audit } from '../audit/audit.ts';
import { openCredential, openSettings, sealCredential, sealSettings } from '../credentials/credential.ts';
import { authNamed, textsIn } from '../credentials/declared.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { subscribeAll } from '../hooks/subscribe.ts';
import type { Caller } from '../http/caller.ts';
import { checkSyncSettings, planSync } from '../syncs/plan-sync.ts';
import { choiceOf } from './choices.ts';
import { connectAccount, takeChoice } from './connect-account.ts';
import type { NewIntegration } from './create-integration.ts';
import { findConnected } from './find-integration.ts';
import { Integration, type IntegrationDoc, type IntegrationStatus } from './model.ts';
import { note } from './note.ts';
import { plainNames } from './plain-names.ts';
import { isComplete, readAuth } from './read-auth.ts';
import { readSettings } from './read-settings.ts';

export type IntegrationChange = Omit<NewIntegration, 'project_id' | 'integration_type' | 'provider'> & {
  status?: 'active' | 'inactive';
  choice?: string;
};

/**
 * Changes some fields of an integration. New credentials replace the old ones whole; a changed setting that an address
 * of the vendor is made of voids the credential, because it was given for the old address (`CONTRACT.md`, 1.17).
 *
 * @throws Failure `integration_not_found`, `validation_failed`, `configuration_invalid`
 */
export async function updateIntegration(
  caller: Caller,
  id: string,
  change: IntegrationChange,
  address?: string,
): Promise<IntegrationDoc> {
  const { integration, installation } = await findConnected(caller, id);
  const { manifest } = installation;
  if (change.choice !== undefined) choiceOf(integration, change.choice);
  const set: Partial<IntegrationDoc> = {};
  for (const name of [
    'name',
    'description',
    'logo_url',
    'is_public',
    'rate_limit_per_hour',
    'rate_limit_per_day',
  ] as const)
    if (change[name] !== undefined) Object.assign(set, { [name]: change[name] });
  if (change.metadata) {
    plainNames('/metadata', change.metadata);
    set.metadata = change.metadata;
  }
  let app: Record<string, string> = {};
  if (change.configuration) {
    const old = openSettings(integration);
    const read = readSettings(manifest, { ...integration.configuration, ...masked(old), ...change.configuration }, old);
    plainNames('/configuration', read.configuration);
    app = read.app;
    set.configuration = read.configuration;
    set.configuration_secrets = sealSettings(integration, read.secrets);
    if (movesCredential(manifest, integration, read.configuration)) {
      Object.assign(set, { credential: null, status: 'pending_setup' as IntegrationStatus });
      set.sync_error_message = 'The vendor’s address changed: connect the account again';
    }
  }
  const auth_config = { ...app, ...change.auth_config };
  const read = Object.keys(auth_config).length > 0 ? readAuth(manifest, auth_config) : null;
  let isConnecting = false;
  if (read) {
    const isSame = read.auth.name === integration.auth_name;
    const kept = isSame ? openCredential(integration) : null;
    // A part of a credential, or what a client was shown of it, changes only what is in it.
    const isPart = !read.is_complete;
    const values = isPart ? { ...kept?.values, ...read.credential.values } : read.credential.values;
    const old = isPart && isSame ? integration.auth_summary : null;
    set.auth_name = read.auth.name;
    set.auth_type = read.auth.type;
    set.credential = sealCredential(integration, isPart ? { ...kept, ...read.credential, values } : read.credential);
    set.auth_summary = {
      scopes: old && read.scopes.length === 0 ? old.scopes : read.scopes,
      expires_at: read.expires_at ?? old?.expires_at ?? null,
      account: integration.auth_summary.account,
    };
    isConnecting = isComplete(read.auth, values) && Object.keys(read.credential.values).length > 0;
    if (!isComplete(read.auth, values)) set.status = 'pending_setup';
  } else if (change.scopes) set.auth_summary = { ...integration.auth_summary, scopes: change.scopes };
  if (change.sync_settings) {
    set.sync_settings = { ...integration.sync_settings, ...change.sync_settings };
    checkSyncSettings(set.sync_settings, manifest);
  }
  if (change.status === 'inactive' || (change.status && set.status !== 'pending_setup'))
    set.status = statusAfter(integration, set, change.status);

  const updated = await transaction(async () => {
    const after = await Integration.findOneAndUpdate(
      { _id: id, workspace_id: caller.workspace_id },
      { $set: set, ...(set.credential === undefined ? {} : { $inc: { credential_version: 1 } }) },
      { returnDocument: 'after' },
    ).lean();
    if (!after) throw new Failure('integration_not_found');
    if (change.sync_settings || change.status) await planSync(after, manifest);
    if (after.status !== integration.status)
      await note(after, {
        action: 'status_changed',
        message: `From ${integration.status} to ${after.status}`,
        actor: caller.label,
      });
    await audit({
      workspace_id: caller.workspace_id,
      caller,
      action: 'integration.updated',
      target: { kind: 'integration', id, name: after.name },
      before: { status: integration.status, name: integration.name, configuration: integration.configuration },
      after: { status: after.status, name: after.name, configuration: after.configuration, reconnected: read !== null },
      ...(address === undefined ? {} : { address }),
    });
    await announce(caller.workspace_id);
    return after;
  });
  if (change.choice !== undefined) {
    const chosen = await takeChoice(installation, updated, change.choice, caller);
    await planSync(chosen, manifest);
    await subscribeAll(installation, chosen);
    return chosen;
  }
  if (!isConnecting) return updated;
  const connected = await connectAccount({
    installation,
    integration: updated,
    token: null,
    callback: null,
    actor: caller,
  });
  await subscribeAll(installation, connected);
  return connected;
}

/** Switching on needs a credential; an integration whose account is dead must be connected again instead. */
function statusAfter(
  integration: IntegrationDoc,
  set: Partial<IntegrationDoc>,
  wanted: 'active' | 'inactive',
): IntegrationStatus {
  if (wanted === 'inactive') return 'inactive';
  const credential = set.credential === undefined ? integration.credential : set.credential;
  return integration.auth_name !== null && (credential === null || integration.choices) ? 'pending_setup' : 'active';
}

/** Whether one of the settings that an address, host or the authority of this credential is made of has changed. */
function movesCredential(
  manifest: Manifest,
  integration: IntegrationDoc,
  configuration: Record<string, unknown>,
): boolean {
  const auth = authNamed(manifest, integration.auth_name);
  if (!auth || integration.credential === null) return false;
  const parts = [auth.base_url, auth.hosts, auth.token?.url ?? '', auth.tls ?? {}];
  const names = textsIn(parts)
    .flatMap((text) => placesOf(text))
    .filter(({ source }) => source === 'config')
    .map(({ name }) => name);
  return names.some((name) => integration.configuration[name] !== configuration[name]);
}

const masked = (secrets: Record<string, string>) =>
  Object.fromEntries(Object.keys(secrets).map((name) => [name, '••••']));
