import { Failure } from '../../sdk/contract/failure.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { Webhook, type WebhookRow } from './model.ts';

/**
 * A webhook of the caller's workspace, and of the project that the caller's key is for.
 *
 * @throws Failure webhook_not_found naming the nearest by id or name
 */
export async function findWebhook(
  caller: { workspace_id: string; project_id: string | null },
  id: string,
): Promise<WebhookRow> {
  const scope = {
    workspace_id: caller.workspace_id,
    ...(caller.project_id !== null && { project_id: caller.project_id }),
  };
  const webhook = await Webhook.findOne({ _id: id, ...scope }).lean<WebhookRow>();
  if (webhook) return webhook;
  const others = await Webhook.find(scope, { name: 1 }).limit(500).lean();
  const names = new Map(others.flatMap((one) => [[one._id, one._id] as const, [one.name, one._id] as const]));
  const near = nearest(id, [...names.keys()]);
  throw new Failure('webhook_not_found', {
    message: `There is no webhook ${quote(id)}${near ? `; did you mean ${quote(names.get(near))}?` : ''}`,
  });
}
