import type { Project } from '../api/types.ts';
import type { TextName } from '../language/en.ts';
import { useText } from '../language/use-text.tsx';
import { actions, failureKinds, jobs, levels, things } from './codes.ts';

type Names = Record<string, TextName>;

const categories: Names = {
  advertising: 'category.advertising',
  analytics: 'category.analytics',
  code: 'category.code',
  commerce: 'category.commerce',
  communication: 'category.communication',
  crm: 'category.crm',
  design: 'category.design',
  finance: 'category.finance',
  health: 'category.health',
  marketing: 'category.marketing',
  monitoring: 'category.monitoring',
  productivity: 'category.productivity',
  social: 'category.social',
  storage: 'category.storage',
};
const ways: Names = {
  api_key: 'auth.api_key',
  basic: 'auth.basic',
  bearer: 'auth.bearer',
  client_credentials: 'auth.client_credentials',
  exchange: 'auth.exchange',
  jwt_bearer: 'auth.jwt_bearer',
  mtls: 'auth.mtls',
  none: 'auth.none',
  oauth1: 'auth.oauth1',
  oauth2: 'auth.oauth2',
  signed: 'auth.signed',
};
const severities: Names = { error: 'severity.error', info: 'severity.info', warning: 'severity.warning' };
const sources: Names = {
  hook: 'source.hook',
  key: 'source.key',
  plugin: 'source.plugin',
  sync: 'source.sync',
  system: 'source.system',
  user: 'source.user',
};
const lines: Names = {
  action_run: 'log.action_run',
  connected: 'log.connected',
  created: 'log.created',
  error: 'log.error',
  refreshed: 'log.refreshed',
  revoked: 'log.revoked',
  status_changed: 'log.status_changed',
  tested: 'log.tested',
  webhook: 'log.webhook',
};
const happenings: Names = {
  'alert.triggered': 'happened.alert_triggered',
  'approval.completed': 'happened.approval_completed',
  'approval.requested': 'happened.approval_requested',
  'campaign.completed': 'happened.campaign_completed',
  'campaign.started': 'happened.campaign_started',
  'conversation.assigned': 'happened.conversation_assigned',
  'deployment.completed': 'happened.deployment_completed',
  'deployment.failed': 'happened.deployment_failed',
  'deployment.started': 'happened.deployment_started',
  'integration.auth_expired': 'happened.integration_auth_expired',
  'integration.connected': 'happened.integration_connected',
  'integration.created': 'happened.integration_created',
  'integration.deleted': 'happened.integration_deleted',
  'mention.received': 'happened.mention_received',
  'message.received': 'happened.message_received',
  'plugin.disabled': 'happened.plugin_disabled',
  'plugin.installed': 'happened.plugin_installed',
  'plugin.rolled_back': 'happened.plugin_rolled_back',
  'plugin.uninstalled': 'happened.plugin_uninstalled',
  'plugin.upgraded': 'happened.plugin_upgraded',
  'post.failed': 'happened.post_failed',
  'post.published': 'happened.post_published',
  'post.scheduled': 'happened.post_scheduled',
  'project.created': 'happened.project_created',
  'project.deleted': 'happened.project_deleted',
  'project.updated': 'happened.project_updated',
  'record.created': 'happened.record_created',
  'record.deleted': 'happened.record_deleted',
  'record.updated': 'happened.record_updated',
  'sync.completed': 'happened.sync_completed',
  'sync.failed': 'happened.sync_failed',
  'sync.started': 'happened.sync_started',
  'task.completed': 'happened.task_completed',
  'task.created': 'happened.task_created',
  'task.updated': 'happened.task_updated',
  'user.registered': 'happened.user_registered',
  'user.updated': 'happened.user_updated',
  'webhook.disabled': 'happened.webhook_disabled',
  'webhook.disabling': 'happened.webhook_disabling',
};

/**
 * The reader's words for names that the API has one spelling of. A name without a word is shown as it is: categories are
 * whatever authors write.
 */
export function useNames() {
  const { t } = useText();
  const said = (names: Names) => (name: string) => {
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    return known ? t(known) : name.replaceAll(/[_-]/g, ' ');
  };
  return {
    category: said(categories),
    /** a project; the one that every workspace has from its start is called in the reader's language until it is renamed */
    project: ({ name, is_default }: Project) => (is_default && name === 'Default' ? t('projects.default') : name),
    /** a way of signing in at a vendor */
    way: said(ways),
    /** how grave a finding of a review is */
    severity: said(severities),
    /** what an event came of */
    source: said(sources),
    /** a kind of line in an integration's log */
    line: said(lines),
    /** what an event type of the host tells; nothing where it is a plugin's */
    happening: (type: string) => (Object.hasOwn(happenings, type) ? said(happenings)(type) : null),
    /** what was done, as the audit log has it */
    action: said(actions),
    /** what it was done to */
    thing: said(things),
    /** the kind of a failed call */
    failure: said(failureKinds),
    /** how grave a line of a log is */
    level: said(levels),
    /** what a background job does */
    job: said(jobs),
  };
}
