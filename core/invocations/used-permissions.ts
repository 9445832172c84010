import { Invocation } from './model.ts';

const mostCalls = 1_000;

/** When each permission was last used, and last refused, by the calls that are still remembered. */
export async function usedPermissions(
  workspace_id: string,
  installation_id: string,
): Promise<Map<string, { used: number; last_used_at: Date | null; denied: number; last_denied_at: Date | null }>> {
  const calls = await Invocation.find({ workspace_id, installation_id }, { started_at: 1, host_calls: 1, denied: 1 })
    .sort({ started_at: -1 })
    .limit(mostCalls)
    .lean();
  const found = new Map<
    string,
    { used: number; last_used_at: Date | null; denied: number; last_denied_at: Date | null }
  >();
  const of = (name: string) => {
    const known = found.get(name) ?? { used: 0, last_used_at: null, denied: 0, last_denied_at: null };
    found.set(name, known);
    return known;
  };
  for (const { started_at, host_calls, denied } of calls) {
    for (const { permission, ok } of host_calls) {
      if (permission === undefined || !ok) continue;
      const one = of(permission);
      one.used += 1;
      one.last_used_at ??= started_at;
    }
    for (const { permission } of denied) {
      const one = of(permission);
      one.denied += 1;
      one.last_denied_at ??= started_at;
    }
  }
  return found;
}
