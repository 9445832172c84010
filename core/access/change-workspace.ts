import { Failure } from '../../sdk/contract/failure.ts';
import { audit, difference } from '../audit/audit.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { isAllowedAddress } from './address-list.ts';
import { checkAddresses } from './check-addresses.ts';
import { Workspace, type WorkspaceDoc, type WorkspaceLimits } from './model.ts';

export interface WorkspaceWishes {
  name?: string | undefined;
  ip_allowlist?: readonly string[] | undefined;
  redirect_uris?: readonly string[] | undefined;
  limits?: Partial<WorkspaceLimits> | undefined;
}

/**
 * Changes the caller's workspace.
 *
 * @throws Failure `not_found`, `validation_failed` (an entry of the allowlist, or one that would shut the caller out)
 */
export async function changeWorkspace(caller: Caller, wishes: WorkspaceWishes, address: string): Promise<WorkspaceDoc> {
  const _id = caller.workspace_id;
  if (wishes.ip_allowlist) {
    checkAddresses(wishes.ip_allowlist);
    if (!isAllowedAddress(address, wishes.ip_allowlist)) {
      throw new Failure('validation_failed', {
        content: {
          errors: [
            {
              pointer: '/ip_allowlist',
              message: `would shut out your own address ${address}`,
              keyword: 'contains',
              params: {},
            },
          ],
        },
      });
    }
  }
  return transaction(async () => {
    const workspace = await Workspace.findById(_id).lean();
    if (!workspace) throw new Failure('not_found', { message: 'There is no such workspace.' });
    const { name, ip_allowlist, redirect_uris } = workspace;
    const limits = { ...workspace.limits };
    const wanted: WorkspaceWishes = { ...wishes };
    if (wishes.limits) wanted.limits = { ...limits, ...wishes.limits };
    const { before, after } = difference<WorkspaceWishes>({ name, ip_allowlist, redirect_uris, limits }, wanted);
    if (Object.keys(after).length === 0) return workspace;
    const next = await Workspace.findOneAndUpdate({ _id }, { $set: after }, { returnDocument: 'after' })
      .lean()
      .orFail();
    await announce(_id);
    await announce('site');
    await audit({
      workspace_id: _id,
      caller,
      action: 'workspace.updated',
      target: { kind: 'workspace', id: _id, name: next.name },
      before,
      after,
      address,
    });
    return next;
  });
}
