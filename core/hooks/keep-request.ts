import { createHash } from 'node:crypto';
import type { Ref } from '../../sdk/contract/manifest/shapes.ts';
import type { Trigger } from '../../sdk/contract/manifest/triggers.ts';
import { readRef } from '../credentials/read-ref.ts';
import { newId } from '../database/id.ts';
import { trusted } from '../database/mongoose.ts';
import { transaction } from '../database/transaction.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { cutProof } from './cut-proof.ts';
import type { Opened } from './incoming.ts';
import { countHook } from './metrics.ts';
import { Hook, HookRequest } from './model.ts';
import type { Target } from './route-request.ts';
import type { Proved } from './verify.ts';

/** What a proved request came by. */
export interface Keeping {
  installation: { _id: string };
  trigger: Trigger;
  name: string;
  /** the integration's own address, when it was not the app's */
  hook: { id: string } | null;
}

/** Stores the request once for each integration, with the job that runs it; a delivery that came before is left alone. */
export async function keepRequest(
  taking: Keeping,
  request: Opened,
  body: unknown,
  proved: Proved,
  targets: Target[],
): Promise<void> {
  const { trigger, name, installation } = taking;
  const id = deliveryId(trigger, request, body);
  const rows = targets.map(({ integration, bytes }) => ({
    _id:
      id === null
        ? newId('hrq')
        : `hrq_${createHash('sha256')
            .update(JSON.stringify([integration._id, name, id]))
            .digest('base64url')
            .slice(0, 24)}`,
    workspace_id: integration.workspace_id,
    project_id: integration.project_id,
    integration_id: integration._id,
    installation_id: installation._id,
    trigger: name,
    hook_id: taking.hook?.id ?? null,
    ...cutProof(trigger, bytes === null ? request : { ...request, bytes }),
    payload_text: proved?.payload === undefined ? null : JSON.stringify(proved.payload),
    received_at: new Date(),
  }));
  if (rows.length === 0) return;
  await transaction(async () => {
    const known = await HookRequest.find({ _id: trusted({ $in: rows.map(({ _id }) => _id) }) }, { _id: 1 }).lean();
    const fresh = rows.filter(({ _id }) => !known.some((one) => one._id === _id));
    if (fresh.length < rows.length) countHook('repeated');
    if (fresh.length === 0) return;
    await HookRequest.insertMany(fresh);
    await enqueue(
      fresh.map((row) => ({
        id: `hook:${row._id}`,
        kind: 'hook.run',
        workspace_id: row.workspace_id,
        group: `hook:${row.integration_id}`,
        data: { request_id: row._id },
      })),
    );
    if (taking.hook) await Hook.updateOne({ _id: taking.hook.id }, { $set: { last_received_at: new Date() } });
  });
}

/** What makes two deliveries the same: as declared, or the id that Standard Webhooks sign; `null` when nothing does. */
function deliveryId(trigger: Trigger, request: Opened, body: unknown): string | null {
  const refs: readonly Ref[] =
    trigger.dedupe ??
    ('scheme' in trigger.verify && trigger.verify.scheme === 'standard-webhooks' ? [{ header: 'webhook-id' }] : []);
  const parts = refs.map((ref) => readRef(ref, { ...request, json: body }));
  return parts.length === 0 || parts.some((part) => part === undefined) ? null : JSON.stringify(parts);
}
