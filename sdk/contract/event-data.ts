interface EventData {
  title: string;
  /** Field → example; a name that ends in `?` may be absent. Its schema follows from the example's type. */
  fields: Record<string, unknown>;
  /** Senders may add fields of their own. */
  open: boolean;
}

const at = '2026-03-01T09:30:00Z';
const fromOutside = (title: string, fields: Record<string, unknown>): EventData => ({ title, fields, open: true });
const fromHost = (title: string, fields: Record<string, unknown>): EventData => ({ title, fields, open: false });

const task = {
  id: 'task_1',
  'project_id?': 'proj_1',
  'title?': 'Write the report',
  'assignee?': 'ana',
  'status?': 'open',
};
const user = { id: 'user_1', 'email?': 'ana@example.com', 'name?': 'Ana' };
const deployment = {
  id: 'dep_1',
  'environment?': 'production',
  'version?': '2.4.0',
  'commit?': '9fceb02',
  'url?': 'https://ci.example.com/7',
};
const post = {
  id: 'post_1',
  'title?': 'Spring sale',
  'platform?': 'instagram',
  'url?': 'https://social.example.com/p/1',
};
const campaign = { id: 'camp_1', 'name?': 'Spring sale', 'channel?': 'email' };
const approval = { id: 'appr_1', 'subject?': 'Release 2.4.0', 'requested_by?': 'ana' };
const plugin = { plugin_id: 'plg_1', name: '@acme/github', version: '1.4.0' };
const integration = { integration_id: 'int_1', project_id: 'proj_1', integration_type: 'github', name: 'Main GitHub' };
const sync = { sync_id: 'sync_1', integration_id: 'int_1', project_id: 'proj_1', sync_type: 'incremental' };
const counts = { read: 120, created: 3, updated: 7, deleted: 0, failed: 0 };
const record = {
  ...{ record_id: 'rec_1', integration_id: 'int_1', project_id: 'proj_1', stream: 'issues', external_id: '42' },
  'model?': 'issue',
};
const webhook = { webhook_id: 'wh_1', project_id: 'proj_1', name: 'Deploy bot', consecutive_failures: 8 };

/** Data of every event type of `API.md`. */
export const eventData = {
  'project.created': fromHost('A project was created', { id: 'proj_1', name: 'Website' }),
  'project.updated': fromHost('A project was changed', { id: 'proj_1', name: 'Website', 'changed?': ['name'] }),
  'project.deleted': fromHost('A project was deleted', { id: 'proj_1', name: 'Website' }),
  'task.created': fromOutside('A task was created', task),
  'task.updated': fromOutside('A task was changed', task),
  'task.completed': fromOutside('A task was completed', { ...task, 'completed_at?': at }),
  'user.registered': fromOutside('A user signed up', user),
  'user.updated': fromOutside('A user was changed', user),
  'deployment.started': fromOutside('A deployment started', deployment),
  'deployment.completed': fromOutside('A deployment completed', { ...deployment, 'duration_ms?': 42_000 }),
  'deployment.failed': fromOutside('A deployment failed', { ...deployment, 'error?': 'Health check failed' }),
  'post.published': fromOutside('A post was published', { ...post, 'published_at?': at }),
  'post.scheduled': fromOutside('A post was scheduled', { ...post, 'scheduled_at?': at }),
  'post.failed': fromOutside('A post could not be published', { ...post, 'error?': 'The image is too large' }),
  'mention.received': fromOutside('Somebody mentioned us', {
    id: 'men_1',
    'text?': 'Nice work @acme',
    'author?': 'bo',
  }),
  'message.received': fromOutside('A message arrived', {
    id: 'msg_1',
    'text?': 'Hello',
    'author?': 'bo',
    'channel?': 'support',
  }),
  'conversation.assigned': fromOutside('A conversation was assigned', { id: 'conv_1', 'assignee?': 'ana' }),
  'alert.triggered': fromOutside('An alert fired', {
    id: 'alert_1',
    'title?': 'Disk full',
    'severity?': 'critical',
    'source?': 'db-1',
  }),
  'campaign.started': fromOutside('A campaign started', { ...campaign, 'started_at?': at }),
  'campaign.completed': fromOutside('A campaign completed', { ...campaign, 'completed_at?': at }),
  'approval.requested': fromOutside('An approval was requested', approval),
  'approval.completed': fromOutside('An approval was decided', { ...approval, 'approved?': true, 'decided_by?': 'bo' }),
  'plugin.installed': fromHost('A plugin was installed', { ...plugin, permissions: ['network'] }),
  'plugin.upgraded': fromHost('A plugin was upgraded', { ...plugin, from_version: '1.3.0' }),
  'plugin.rolled_back': fromHost('A plugin was rolled back', { ...plugin, from_version: '1.5.0', 'reason?': 'Errors' }),
  'plugin.disabled': fromHost('A plugin was switched off', { ...plugin, 'reason?': 'Too many failures' }),
  'plugin.uninstalled': fromHost('A plugin was removed', plugin),
  'integration.created': fromHost('An integration was created', integration),
  'integration.connected': fromHost('An account was connected', { ...integration, 'account?': 'acme' }),
  'integration.auth_expired': fromHost('A connection needs to be renewed', { ...integration, reason: 'invalid_grant' }),
  'integration.deleted': fromHost('An integration was deleted', integration),
  'sync.started': fromHost('A sync started', { ...sync, started_at: at }),
  'sync.completed': fromHost('A sync completed', { ...sync, status: 'succeeded', counts, finished_at: at }),
  'sync.failed': fromHost('A sync failed', { ...sync, error: 'The vendor answered 500', counts, finished_at: at }),
  'record.created': fromHost('A record appeared', record),
  'record.updated': fromHost('A record changed', { ...record, 'changed?': ['title'] }),
  'record.deleted': fromHost('A record went away', record),
  'webhook.disabling': fromHost('A webhook is about to be switched off', webhook),
  'webhook.disabled': fromHost('A webhook was switched off', webhook),
} as const satisfies Record<string, EventData>;
