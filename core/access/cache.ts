import { LRUCache } from 'lru-cache';

/** Entries that one process keeps at most, over all kinds and workspaces. */
const most = 20_000;
const entries = new LRUCache<string, { value: unknown; workspace_id: string; until: number }>({
  max: most,
  dispose: ({ workspace_id }, name, reason) => {
    if (reason === 'evict') keysOf.get(workspace_id)?.delete(name);
  },
});
const keysOf = new Map<string, Set<string>>();
/** Grows when a workspace's entries are dropped: what was being read meanwhile may be older than the news. */
const generations = new LRUCache<string, number>({ max: most });
let everything = 0;
const oldest = 0;

/**
 * A value from this process's memory, else loaded and kept until `dropCached(workspace_id)` (the news of a change) or
 * until it is pushed out. Not for what must be seen by another node within less than the news take (250 ms).
 *
 * @param kind what it is (`membership`, `installation`); with `id` the name of the entry within the workspace
 * @param ttl_ms forget it after this long; for what news do not tell, such as time itself
 * @param load is asked when it is not there; null and undefined are not kept
 */
export async function cached<T>(
  workspace_id: string,
  kind: string,
  id: string,
  load: () => Promise<T>,
  ttl_ms = 60_000,
): Promise<T> {
  const name = `${workspace_id}\n${kind}\n${id}`;
  const kept = entries.get(name);
  if (kept && kept.until > Date.now()) return kept.value as T;
  const seen = generationOf(workspace_id);
  const value = await load();
  if (value !== null && value !== undefined && seen === generationOf(workspace_id)) {
    entries.set(name, { value, workspace_id, until: Date.now() + ttl_ms });
    remember(workspace_id, name);
  }
  return value;
}

/** Forgets all that is kept of one workspace (`site`: of people and of the whole site). */
export function dropCached(workspace_id: string): void {
  generations.set(workspace_id, (generations.get(workspace_id) ?? oldest) + 1);
  for (const name of keysOf.get(workspace_id) ?? []) entries.delete(name);
  keysOf.delete(workspace_id);
}

/** Forgets everything, for when news may have been missed. */
export function dropAllCached(): void {
  everything += 1;
  entries.clear();
  keysOf.clear();
}

/** How many entries are kept. */
export function cachedCount(): number {
  return entries.size;
}

function generationOf(workspace_id: string): string {
  return `${everything}.${generations.get(workspace_id) ?? oldest}`;
}

function remember(workspace_id: string, name: string): void {
  let names = keysOf.get(workspace_id);
  if (!names) {
    names = new Set();
    keysOf.set(workspace_id, names);
  }
  names.add(name);
}
