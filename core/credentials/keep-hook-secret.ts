import { Hook } from '../hooks/model.ts';
import { seal } from '../vault/vault.ts';
import { asText, parsed, valuesAt } from './read-ref.ts';

const day_ms = 86_400_000;

/**
 * Takes the secret that a vendor made up for a hook out of its answer, which is the only time that it is shown. The one
 * before stays good for a day.
 *
 * @returns the secret; `null` when the answer holds none, or the hook is not this integration's
 */
export async function keepHookSecret(
  integration: { _id: string; workspace_id: string },
  { hook_id, at }: { hook_id: string; at: string },
  body: Buffer,
): Promise<string | null> {
  const secret = asText(valuesAt(parsed(body.toString()), at)[0]);
  if (secret === undefined || secret === '') return null;
  const { workspace_id } = integration;
  const hook = await Hook.findOne({ _id: hook_id, workspace_id, integration_id: integration._id }).lean();
  if (!hook) return null;
  const sealed = seal(secret, { workspace_id, record: hook._id, field: 'secret' });
  const old_until = new Date(Date.now() + day_ms);
  await Hook.updateOne({ _id: hook._id }, { $set: { secret: sealed, old_secret: hook.secret, old_until } });
  return secret;
}
