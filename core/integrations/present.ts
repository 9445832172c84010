import type { ProblemName } from '../../sdk/contract/problems.ts';
import { openSettings } from '../credentials/credential.ts';
import { problemPath } from '../http/problems-page.ts';
import type { IntegrationDoc, IntegrationLogDoc } from './model.ts';
import { mask } from './read-settings.ts';

const iso = (date: Date | string | null | undefined): string | null => (date ? new Date(date).toISOString() : null);

/** The entry that explains why an integration does not work, and the way out. */
export function helpOf(integration: IntegrationDoc | null): ProblemName | null {
  if (!integration) return null;
  const { status, sync_error_message, choices } = integration;
  if (status === 'pending_setup') return choices ? 'choose-account' : 'not-connected';
  if (status === 'error') return /^reconnect/i.test(sync_error_message ?? '') ? 'reconnect' : 'connect-failed';
  return sync_error_message === null ? null : 'sync-failed';
}

/** An integration as `API.md` shows it: the credential never comes back, secret settings read as dots. */
export function presentIntegration(integration: IntegrationDoc) {
  const { auth_summary } = integration;
  const help = helpOf(integration);
  return {
    id: integration._id,
    project_id: integration.project_id,
    plugin_id: integration.installation_id,
    integration_type: integration.integration_type,
    service_type: integration.service_type,
    provider: integration.provider,
    name: integration.name,
    description: integration.description,
    logo_url: integration.logo_url,
    configuration: {
      ...integration.configuration,
      ...Object.fromEntries(Object.keys(openSettings(integration)).map((name) => [name, mask])),
    },
    auth_config:
      integration.auth_type === null
        ? null
        : {
            auth_type: integration.auth_type,
            token_encrypted: integration.credential !== null,
            scopes: auth_summary.scopes,
            expires_at: iso(auth_summary.expires_at),
            account: auth_summary.account,
          },
    choices: integration.choices?.map(({ id, title }) => ({ id, title })) ?? null,
    choice: integration.choice ?? null,
    sync_settings: integration.sync_settings,
    status: integration.status,
    last_sync_at: iso(integration.last_sync_at),
    sync_error_message: integration.sync_error_message,
    help: help && problemPath(help),
    metadata: integration.metadata,
    is_public: integration.is_public,
    rate_limit_per_hour: integration.rate_limit_per_hour,
    rate_limit_per_day: integration.rate_limit_per_day,
    created_by: integration.created_by,
    created_at: new Date(integration.created_at).toISOString(),
    updated_at: new Date(integration.updated_at).toISOString(),
  };
}

/** One line of an integration's log. */
export function presentLog(line: IntegrationLogDoc) {
  return {
    id: line._id,
    action: line.action,
    level: line.level,
    message: line.message,
    actor: line.actor,
    details: line.details,
    created_at: new Date(line.created_at).toISOString(),
  };
}
