import { randomBytes } from 'node:crypto';
import { config } from '../config.ts';
import { newId } from '../database/id.ts';
import { base } from '../http/router.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { seal, unseal } from '../vault/vault.ts';
import { Hook, type HookDoc } from './model.ts';

/** The address that a vendor calls for one hook. */
export function hookUrl(hook: Pick<HookDoc, 'integration_id' | 'trigger'>, key: string): string {
  return `${config().url}${base}/hooks/${hook.integration_id}/${hook.trigger}/${key}`;
}

type Place = Pick<HookDoc, '_id' | 'workspace_id'>;
const placeOf = (hook: Place, field: string) => ({ workspace_id: hook.workspace_id, record: hook._id, field });

/** The key of a hook's address, and the secrets that may sign its requests, the newest first. */
export function openHook(hook: HookDoc, now_ms: number): { key: string; secrets: string[] } {
  const old = hook.old_secret !== null && (hook.old_until?.getTime() ?? 0) > now_ms;
  return {
    key: unseal(hook.key, placeOf(hook, 'key')),
    secrets: [
      unseal(hook.secret, placeOf(hook, 'secret')),
      ...(old ? [unseal(hook.old_secret as string, placeOf(hook, 'secret'))] : []),
    ],
  };
}

/** The hook of a trigger, made when there is none yet: its address exists before the vendor is told of it. */
export async function ensureHook(
  integration: Pick<IntegrationDoc, '_id' | 'workspace_id' | 'installation_id'>,
  trigger: string,
  parent: string | null,
): Promise<HookDoc> {
  const found = await Hook.findOne({ integration_id: integration._id, trigger, parent }).lean();
  if (found) return found;
  const place = { _id: newId('hok'), workspace_id: integration.workspace_id };
  const secret = (bytes: number) => randomBytes(bytes).toString('base64url');
  await Hook.updateOne(
    { integration_id: integration._id, trigger, parent },
    {
      $setOnInsert: {
        ...place,
        installation_id: integration.installation_id,
        key: seal(secret(24), placeOf(place, 'key')),
        secret: seal(secret(32), placeOf(place, 'secret')),
      },
    },
    { upsert: true },
  );
  return (await Hook.findOne({ integration_id: integration._id, trigger, parent }).lean()) as HookDoc;
}

/** Gives a hook another secret; the old one stays good for a day. `secret` is one that the vendor invented or a person chose. */
export async function rotateHookSecret(hook: HookDoc, secret = randomBytes(32).toString('base64url')): Promise<string> {
  await Hook.updateOne(
    { _id: hook._id },
    {
      $set: {
        secret: seal(secret, placeOf(hook, 'secret')),
        old_secret: hook.secret,
        old_until: new Date(Date.now() + 86_400_000),
      },
    },
  );
  return secret;
}
