import { Hook } from '../hooks/model.ts';
import { unseal } from '../vault/vault.ts';
import type { Outgoing } from './outgoing.ts';

/** What stands for a hook's secret in the sandbox; the host swaps it on the wire, towards the vendor's own hosts only. */
export function hookPlaceholder(hook: { _id: string }): string {
  return `pbhook-${hook._id}`;
}

const pattern = /pbhook-(hok_[A-Za-z0-9]{20})/;

/**
 * The secret that a request names by its placeholder, when it is one of this integration's own hooks.
 *
 * @returns the id that stands in the request, and the secret; `null` when there is none
 */
export async function namedHookSecret(
  outgoing: Outgoing,
  owner: { workspace_id: string; integration_id: string },
): Promise<{ placeholder: string; secret: string } | null> {
  const text = [...Object.values(outgoing.headers), outgoing.body?.toString() ?? ''].join('\n');
  const id = pattern.exec(text)?.[1];
  if (id === undefined) return null;
  const hook = await Hook.findOne({ _id: id, ...owner }).lean();
  if (!hook) return null;
  const secret = unseal(hook.secret, { workspace_id: hook.workspace_id, record: hook._id, field: 'secret' });
  return { placeholder: hookPlaceholder(hook), secret };
}

/** Puts the secret where its placeholder stands: in headers and body, never in the address, which ends up in logs. */
export function swapHookSecret(outgoing: Outgoing, named: { placeholder: string; secret: string }): Outgoing {
  const swap = (text: string) => text.replaceAll(named.placeholder, named.secret);
  const headers = Object.fromEntries(Object.entries(outgoing.headers).map(([name, value]) => [name, swap(value)]));
  return { ...outgoing, headers, body: outgoing.body && Buffer.from(swap(outgoing.body.toString())) };
}
