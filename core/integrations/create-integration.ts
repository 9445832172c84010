import { textIn } from '../../sdk/contract/language.ts';
import { findProject } from '../access/find-project.ts';
import { audit } from '../audit/audit.ts';
import { sealCredential, sealSettings } from '../credentials/credential.ts';
import { newId } from '../database/id.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import { subscribeAll } from '../hooks/subscribe.ts';
import type { Caller } from '../http/caller.ts';
import { checkSyncSettings, planSync } from '../syncs/plan-sync.ts';
import { connectAccount } from './connect-account.ts';
import { findType } from './find-type.ts';
import { Integration, type IntegrationDoc, type SyncSettings } from './model.ts';
import { eventDataOf, note } from './note.ts';
import { plainNames } from './plain-names.ts';
import { readAuth } from './read-auth.ts';
import { readSettings } from './read-settings.ts';

/** What a client sends to make an integration; see `newIntegration`. */
export interface NewIntegration {
  project_id?: string;
  integration_type?: string;
  provider?: string;
  name?: string;
  description?: string | null;
  logo_url?: string | null;
  configuration?: Record<string, unknown>;
  auth_config?: Record<string, unknown>;
  sync_settings?: Partial<SyncSettings>;
  scopes?: string[];
  rate_limit_per_hour?: number | null;
  rate_limit_per_day?: number | null;
  is_public?: boolean;
  metadata?: Record<string, unknown>;
}

/**
 * Makes an integration with an installed plugin. With a complete credential it is connected and active at once; without
 * one it waits as `pending_setup`.
 *
 * @throws Failure `plugin_not_found`, `not_found` (project), `validation_failed`, `configuration_invalid`
 */
export async function createIntegration(
  caller: Caller,
  given: NewIntegration,
  address?: string,
): Promise<IntegrationDoc> {
  const { workspace_id } = caller;
  const project = await findProject(workspace_id, given.project_id, caller.project_id);
  const installation = await findType(workspace_id, given);
  const { manifest } = installation;
  const _id = newId('int');
  const holder = { _id, workspace_id };
  const { configuration, secrets, app, unused } = readSettings(manifest, given.configuration ?? {}, {});
  const auth_config = { ...app, ...given.auth_config };
  const read = manifest.auth && Object.keys(auth_config).length > 0 ? readAuth(manifest, auth_config) : null;
  const needsNone = !manifest.auth || manifest.auth.some(({ type }) => type === 'none');
  const isReady = read ? read.is_complete : needsNone;
  const sync_settings = { sync_interval: 'manual', auto_sync: false, ...given.sync_settings };
  checkSyncSettings(sync_settings, manifest);
  plainNames('/metadata', given.metadata ?? {});
  plainNames('/configuration', configuration);

  const made = await transaction(async () => {
    const [row] = await Integration.create([
      {
        _id,
        workspace_id,
        project_id: project._id,
        installation_id: installation._id,
        integration_type: manifest.integration?.type ?? installation.name,
        service_type: manifest.integration?.service_type ?? 'custom',
        provider: given.provider ?? installation.provider ?? null,
        name: given.name ?? textIn(manifest.display_name ?? installation.name, 'en'),
        description: given.description ?? null,
        logo_url: given.logo_url ?? null,
        configuration,
        configuration_secrets: sealSettings(holder, secrets),
        auth_name: read?.auth.name ?? null,
        auth_type: read ? read.auth.type : null,
        credential: read ? sealCredential(holder, read.credential) : null,
        credential_version: read ? 1 : 0,
        auth_summary: {
          scopes: read && read.scopes.length > 0 ? read.scopes : (given.scopes ?? []),
          expires_at: read?.expires_at ?? null,
          account: null,
        },
        sync_settings,
        status: isReady ? 'active' : 'pending_setup',
        metadata: given.metadata ?? {},
        is_public: given.is_public ?? false,
        rate_limit_per_hour: given.rate_limit_per_hour ?? null,
        rate_limit_per_day: given.rate_limit_per_day ?? null,
        near_ids: true,
        created_by: caller.user_id,
      },
    ]);
    const integration = (row as { toObject(): IntegrationDoc }).toObject();
    await planSync(integration, manifest);
    await note(integration, { action: 'created', message: 'The integration was created', actor: caller.label });
    if (unused.length > 0)
      await note(integration, {
        action: 'created',
        message: `${unused.join(', ')}: sent, and not used; the addresses of the OAuth app are the plugin’s`,
        actor: caller.label,
      });
    await emitEvent({
      workspace_id,
      project_id: project._id,
      type: 'integration.created',
      data: eventDataOf(integration),
      source: { kind: caller.kind, id: caller.id },
    });
    await audit({
      workspace_id,
      caller,
      action: 'integration.created',
      target: { kind: 'integration', id: _id, name: integration.name },
      after: {
        integration_type: integration.integration_type,
        project_id: project._id,
        auth_type: integration.auth_type,
      },
      ...(address === undefined ? {} : { address }),
    });
    await announce(workspace_id);
    return integration;
  });
  if (!read?.is_complete) return made;
  const connected = await connectAccount({
    installation,
    integration: made,
    token: null,
    callback: null,
    actor: caller,
  });
  await subscribeAll(installation, connected);
  return connected;
}
