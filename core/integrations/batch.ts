import { accepts } from '../../sdk/contract/accepts.ts';
import { Failure, type Language, messageFor } from '../../sdk/contract/failure.ts';
import type { Caller } from '../http/caller.ts';
import { log } from '../log.ts';
import { presentSync } from '../syncs/present.ts';
import { syncRequest } from '../syncs/schemas.ts';
import { startSync } from '../syncs/start-sync.ts';
import { createIntegration, type NewIntegration } from './create-integration.ts';
import { findIntegration } from './find-integration.ts';
import { presentIntegration } from './present.ts';
import { removeIntegration } from './remove-integration.ts';
import { integrationChange, newIntegration } from './schemas.ts';
import { type IntegrationChange, updateIntegration } from './update-integration.ts';

/** One operation of a batch: what its own route takes, with `op` and (but for `create`) `id` beside it. */
export type BatchOperation = { op: 'create' | 'update' | 'delete' | 'sync'; id?: string } & Record<string, unknown>;

export interface BatchResult {
  op: string;
  code: string;
  msg: string;
  content: Record<string, unknown>;
}

/** Runs operations one after the other; one that fails does not stop the rest. Each answers as its own route would. */
export async function runBatch(
  caller: Caller,
  operations: readonly BatchOperation[],
  language: Language,
  address: string,
): Promise<BatchResult[]> {
  const results: BatchResult[] = [];
  for (const { op, id, ...rest } of operations) {
    try {
      const content = await runOne(caller, { op, ...(id === undefined ? {} : { id }) }, rest, address);
      results.push({
        op,
        code: 'S10000',
        msg: messageFor('ok', language),
        content: content as Record<string, unknown>,
      });
    } catch (error) {
      if (!(error instanceof Failure)) log.error({ err: error, op }, 'an operation of a batch failed');
      const failure = error instanceof Failure ? error : new Failure('internal');
      results.push({ op, code: failure.code, msg: failure.messageIn(language), content: { ...failure.content } });
    }
  }
  return results;
}

async function runOne(
  caller: Caller,
  { op, id }: { op: BatchOperation['op']; id?: string },
  given: Record<string, unknown>,
  address: string,
): Promise<object> {
  if (op === 'create') {
    const body = checked(accepts(newIntegration as object)(given)) as NewIntegration;
    return presentIntegration(await createIntegration(caller, body, address));
  }
  if (id === undefined)
    throw new Failure('validation_failed', {
      content: { errors: [{ pointer: '/id', message: 'is required', keyword: 'required', params: {} }] },
    });
  if (op === 'update') {
    const body = checked(accepts(integrationChange as object)(given)) as IntegrationChange;
    return presentIntegration(await updateIntegration(caller, id, body, address));
  }
  if (op === 'delete') {
    checked(accepts({ type: 'object', additionalProperties: false, properties: {} })(given));
    await removeIntegration(caller, id, { address });
    return {};
  }
  const body = checked(accepts(syncRequest as object, { defaults: true })(given)) as {
    sync_type: 'full';
    force: boolean;
    streams?: string[];
  };
  const integration = await findIntegration(caller, id);
  return presentSync(await startSync(integration, { ...body, cause: { kind: caller.kind, id: caller.id } }));
}

function checked(verdict: { ok: true; value: unknown } | { ok: false; errors: object[] }): unknown {
  if (verdict.ok) return verdict.value;
  throw new Failure('validation_failed', { content: { errors: verdict.errors } });
}
