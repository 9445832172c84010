import { newId } from '../database/id.ts';
import { type IntegrationDoc, IntegrationLog } from './model.ts';

/** Writes one line into an integration's log; inside the transaction of what happened, where there is one. */
export async function note(
  integration: Pick<IntegrationDoc, '_id' | 'workspace_id'>,
  line: {
    action: string;
    level?: 'info' | 'error';
    message: string;
    actor?: string | null;
    details?: Record<string, unknown>;
  },
): Promise<void> {
  await IntegrationLog.create({
    _id: newId('ilg'),
    workspace_id: integration.workspace_id,
    integration_id: integration._id,
    action: line.action,
    level: line.level ?? 'info',
    message: line.message.slice(0, 2_000),
    actor: line.actor ?? null,
    details: line.details ?? {},
  });
}

/** The data of the `integration.*` events. */
export function eventDataOf(integration: IntegrationDoc) {
  return {
    integration_id: integration._id,
    project_id: integration.project_id,
    integration_type: integration.integration_type,
    name: integration.name,
  };
}
