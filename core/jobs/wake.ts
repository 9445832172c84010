/** Jobs of a kind may be claimable from a time on: 0 for at once, else ms since 1970 on the database's clock. */
export interface Wake {
  kind: string;
  at: number;
}

const listeners = new Set<(wake: Wake) => void>();

/** Tells the workers of this process that something may be ready; those of other nodes find it when they look. */
export function wake(what: Wake): void {
  for (const listener of listeners) listener(what);
}

/** @returns stops listening */
export function onWake(listener: (wake: Wake) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
