import type { Grant } from '../types.ts';
import type { Verdict } from './verdict.ts';
import { denied, invalid, isObject, short } from './verdict.ts';

/** `ctx.records`: needs `records:read`, and the model to be listed when the grant lists models. */
export function judgeRecords(grants: readonly Grant[], value: unknown): Verdict<Record<string, unknown>> {
  if (!isObject(value)) return invalid('records:read', 'records', 'ctx.records takes a query');
  const model = value.model;
  const detail = short(`${short(value.op, 10)} ${typeof model === 'string' ? model : ''}`);
  const granted = grants.filter((grant) => grant.name === 'records:read');
  if (granted.length === 0) return denied('records:read', detail, 'This plugin was not granted "records:read"');
  if (typeof model !== 'string') {
    if (granted.every((grant) => grant.models)) return invalid('records:read', detail, 'Name the model to read');
  } else if (!granted.some((grant) => !grant.models || grant.models.includes(model))) {
    return denied('records:read', detail, `This plugin was not granted to read "${short(model, 60)}"`);
  }
  return { ok: true, permission: 'records:read', detail, request: value };
}
