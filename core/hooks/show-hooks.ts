import { randomBytes } from 'node:crypto';
import { Failure } from '../../sdk/contract/failure.ts';
import type { Trigger } from '../../sdk/contract/manifest/triggers.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { audit } from '../audit/audit.ts';
import type { Caller } from '../http/caller.ts';
import { Installation } from '../installations/model.ts';
import { Integration, type IntegrationDoc } from '../integrations/model.ts';
import { chosen } from './choose-variant.ts';
import { ensureHook, hookUrl, openHook, rotateHookSecret } from './hook-address.ts';
import { Hook, type HookDoc } from './model.ts';

/** A hook as a person needs it who sets it up at the vendor by hand. */
export interface ShownHook {
  trigger: string;
  parent: string | null;
  url: string;
  /** `handler`: the plugin makes it at the vendor; `person`: somebody enters the address there */
  made_by: 'handler' | 'person';
  is_subscribed: boolean;
  expires_at: string | null;
  last_received_at: string | null;
}

/** The hooks of an integration, with the addresses that the vendor must call. @throws Failure `integration_not_found` */
export async function showHooks(caller: Caller, integration_id: string): Promise<ShownHook[]> {
  const { integration, triggers } = await load(caller, integration_id);
  const shown: ShownHook[] = [];
  for (const [name, trigger] of Object.entries(triggers)) {
    const stored = await Hook.find({ integration_id: integration._id, trigger: name }).lean();
    const rows = stored.length > 0 ? stored : [await ensureHook(integration, name, null)];
    for (const row of rows) shown.push(present(row, trigger.subscription?.by ?? 'person'));
  }
  return shown;
}

function present(hook: HookDoc, made_by: 'handler' | 'person'): ShownHook {
  return {
    trigger: hook.trigger,
    parent: hook.parent,
    url: hookUrl(hook, openHook(hook, Date.now()).key),
    made_by,
    is_subscribed: hook.subscription_text !== null,
    expires_at: hook.expires_at?.toISOString() ?? null,
    last_received_at: hook.last_received_at?.toISOString() ?? null,
  };
}

/**
 * Gives a hook the secret that somebody chose (or that the vendor made up), or a new one; the old one stays good for a
 * day. The only time that it is shown.
 *
 * @param given `choice`: the way of proving requests that the vendor was set up with, where the manifest has several
 * @throws Failure `integration_not_found`, `not_found` for an unknown trigger, `validation_failed` for an unknown choice
 */
export async function setHookSecret(
  caller: Caller,
  integration_id: string,
  trigger: string,
  given: { secret?: string; choice?: string },
): Promise<{ url: string; secret: string }> {
  const { integration, triggers } = await load(caller, integration_id);
  if (!Object.hasOwn(triggers, trigger)) {
    const near = nearest(trigger, Object.keys(triggers));
    throw new Failure('not_found', {
      message: `There is no trigger ${quote(trigger)}${near ? `; did you mean ${near}?` : ''}`,
      content: { nearest: near ?? null },
    });
  }
  const choice = given.choice === undefined ? null : chosen(triggers[trigger] as Trigger, given.choice);
  const hook = await ensureHook(integration, trigger, null);
  const secret = await rotateHookSecret(hook, given.secret ?? randomBytes(32).toString('base64url'));
  if (choice !== null) await Hook.updateOne({ _id: hook._id }, { $set: { choice } });
  await audit({
    workspace_id: caller.workspace_id,
    caller,
    action: 'hook.secret_rotated',
    target: { kind: 'integration', id: integration._id, name: integration.name },
    after: { trigger, ...(choice === null ? {} : { choice }) },
  });
  return { url: hookUrl(hook, openHook(hook, Date.now()).key), secret };
}

async function load(caller: Caller, id: string): Promise<{ integration: IntegrationDoc; triggers: Triggers }> {
  const integration = await Integration.findOne({ _id: id, workspace_id: caller.workspace_id }).lean();
  if (!integration || (caller.project_id !== null && caller.project_id !== integration.project_id))
    throw new Failure('integration_not_found', { message: `There is no integration ${quote(id)}` });
  const installation = await Installation.findOne({
    _id: integration.installation_id,
    workspace_id: caller.workspace_id,
  }).lean();
  const all = Object.entries(installation?.manifest.triggers ?? {}).filter(
    ([, { address }]) => address === 'integration',
  );
  return { integration, triggers: Object.fromEntries(all) };
}
type Triggers = NonNullable<Installation['manifest']['triggers']>;
