import { Integration } from '../integrations/model.ts';
import { Webhook } from '../webhooks/model.ts';

/** What a project still holds, in words (`2 integrations`); empty when nothing does. */
export async function projectUses(workspace_id: string, project_id: string): Promise<string[]> {
  const integrations = await Integration.countDocuments({ workspace_id, project_id });
  const webhooks = await Webhook.countDocuments({ workspace_id, project_id });
  return [counted(integrations, 'integration'), counted(webhooks, 'webhook')].filter((text) => text !== null);
}

function counted(count: number, noun: string): string | null {
  return count === 0 ? null : `${count} ${noun}${count === 1 ? '' : 's'}`;
}
