import { Gone } from '@patchbay/sdk';
import { ask, type GitHub, repositoryPath } from '../github.ts';

type Trigger = GitHub['triggers']['events'];
const events = [
  ...['push', 'issues', 'issue_comment', 'pull_request', 'pull_request_review', 'release', 'workflow_run'],
  'repository',
];

/** Makes the webhook of one repository. `secret` is a placeholder; the host puts the real one on the wire. */
export const subscribe: Trigger['subscribe'] = async (ctx, { url, secret, parent }) => {
  if (!parent) throw new Error('a webhook belongs to one repository, and none was named');
  const { body } = await ask<{ id: number }>(ctx, `${repositoryPath(parent)}/hooks`, {
    method: 'POST',
    body: { name: 'web', active: true, events, config: { url, secret, content_type: 'json', insecure_ssl: '0' } },
  });
  return { id: String(body.id), data: { repository: parent } };
};

/** Whether GitHub still has it, switched on. */
export const check: NonNullable<Trigger['check']> = async (ctx, subscription) => {
  try {
    return (await ask<{ active: boolean }>(ctx, hookPath(subscription))).body.active;
  } catch (error) {
    if (error instanceof Gone) return false;
    throw error;
  }
};

/** Removes it; one that is gone already is removed. */
export const unsubscribe: Trigger['unsubscribe'] = async (ctx, subscription) => {
  try {
    await ask(ctx, hookPath(subscription), { method: 'DELETE' });
  } catch (error) {
    if (!(error instanceof Gone)) throw error;
  }
};

function hookPath({ id, data }: { id: string; data?: unknown }): string {
  return `${repositoryPath((data as { repository: string }).repository)}/hooks/${encodeURIComponent(id)}`;
}
