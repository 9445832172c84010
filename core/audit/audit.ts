import { newId } from '../database/id.ts';
import { mask } from './mask.ts';
import { type AuditActor, AuditEntry } from './model.ts';

export interface AuditInput {
  workspace_id: string;
  /** who did it: the caller of a request … */
  caller?: { kind: 'user' | 'key'; id: string; label: string } | null;
  /** … or whoever else; the host itself when both are missing */
  actor?: AuditActor;
  /** `<noun>.<what happened>`: `plugin.installed`, `api_key.revoked` */
  action: string;
  target: { kind: string; id: string; name?: string | null };
  /** What it was and what it is now: only the fields that changed. Secrets are masked here. */
  before?: object | null;
  after?: object | null;
  address?: string | null;
}

/** Writes one audit entry. Call it inside the transaction of the change, so that neither is there without the other. */
export async function audit(input: AuditInput): Promise<void> {
  const { caller } = input;
  const actor =
    input.actor ??
    (caller
      ? { kind: caller.kind, id: caller.id, label: caller.label }
      : { kind: 'system' as const, id: 'host', label: 'host' });
  await AuditEntry.create({
    _id: newId('aud'),
    workspace_id: input.workspace_id,
    at: new Date(),
    actor,
    action: input.action,
    target: { kind: input.target.kind, id: input.target.id, name: input.target.name ?? null },
    before: masked(input.before),
    after: masked(input.after),
    address: input.address ?? null,
  });
}

function masked(fields: object | null | undefined): Record<string, unknown> | null {
  return fields ? (mask(fields) as Record<string, unknown>) : null;
}

/** The fields that differ, as `before` and `after` of an audit entry. */
export function difference<T extends object>(before: T, after: Partial<T>): { before: Partial<T>; after: Partial<T> } {
  const changed = { before: {} as Partial<T>, after: {} as Partial<T> };
  for (const name of Object.keys(after) as (keyof T)[]) {
    if (JSON.stringify(before[name]) === JSON.stringify(after[name])) continue;
    changed.before[name] = before[name];
    changed.after[name] = after[name];
  }
  return changed;
}
