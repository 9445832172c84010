import { anyObject, time } from '../http/schemas.ts';
import type { Shape } from '../http/shape.ts';
import type { AuditEntryDoc } from './model.ts';

export const auditEntrySchema = {
  title: 'AuditEntry',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'at', 'actor', 'action', 'target', 'before', 'after', 'address', 'sequence', 'hash'],
  properties: {
    id: { type: 'string' },
    at: time,
    actor: {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'id', 'label'],
      properties: {
        kind: { enum: ['user', 'key', 'system', 'plugin'] },
        id: { type: 'string' },
        label: { type: 'string', description: 'e-mail address, key prefix, or part of the host' },
      },
    },
    action: { type: 'string' },
    target: {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'id', 'name'],
      properties: { kind: { type: 'string' }, id: { type: 'string' }, name: { type: ['string', 'null'] } },
    },
    before: { ...anyObject, description: 'the changed fields as they were, secrets masked' },
    after: { ...anyObject, description: 'the changed fields as they are now, secrets masked' },
    address: { type: ['string', 'null'] },
    sequence: { type: ['integer', 'null'], description: 'place in the chain; null until it is chained, moments later' },
    hash: { type: ['string', 'null'], description: 'SHA-256 over this entry and the hash before it' },
  },
} as const;

/** An audit entry as the API shows it. */
export function presentAuditEntry(entry: AuditEntryDoc): Shape<typeof auditEntrySchema> {
  return {
    id: entry._id,
    at: entry.at.toISOString(),
    actor: { kind: entry.actor.kind, id: entry.actor.id, label: entry.actor.label },
    action: entry.action,
    target: { kind: entry.target.kind, id: entry.target.id, name: entry.target.name ?? null },
    before: entry.before ?? {},
    after: entry.after ?? {},
    address: entry.address,
    sequence: entry.sequence,
    hash: entry.hash,
  };
}
