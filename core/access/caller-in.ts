import { Failure } from '../../sdk/contract/failure.ts';
import type { Caller } from '../http/caller.ts';
import { isAllowedAddress } from './address-list.ts';
import { findPerson } from './find-person.ts';

/**
 * The same caller, acting in the workspace that an address names instead of the one chosen by `X-Workspace-Id`.
 *
 * @throws Failure `not_found` when it is no member there, `forbidden` when its address may not act there
 */
export async function callerIn(caller: Caller, workspace_id: string, address: string): Promise<Caller> {
  if (caller.workspace_id === workspace_id) return caller;
  const person = caller.kind === 'user' ? await findPerson(caller.id) : null;
  const membership = person?.memberships.find((one) => one.workspace_id === workspace_id);
  if (!membership)
    throw new Failure('not_found', { message: 'There is no such workspace, or you are no member of it.' });
  if (!isAllowedAddress(address, membership.addresses)) {
    throw new Failure('forbidden', { message: `Your address ${address} is not on the allowlist of this workspace.` });
  }
  return { ...caller, workspace_id, role: membership.role };
}
