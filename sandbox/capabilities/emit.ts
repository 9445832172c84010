import type { EmitRequest, Grant } from '../types.ts';
import type { Verdict } from './verdict.ts';
import { denied, invalid, isObject, isShortText } from './verdict.ts';

const TYPE = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i;

/** `ctx.emit`: needs `events:emit`, and the type to be listed when the grant lists types. */
export function judgeEmit(grants: readonly Grant[], value: unknown): Verdict<EmitRequest> {
  const wrong = (message: string) => invalid('events:emit', 'emit', message);
  if (!isObject(value) || typeof value.type !== 'string') return wrong('ctx.emit takes a type and data');
  const { type, data, id, occurred_at } = value;
  const granted = grants.filter((grant) => grant.name === 'events:emit');
  if (granted.length === 0) return denied('events:emit', type, 'This plugin was not granted "events:emit"');
  if (type.length > 200 || !TYPE.test(type)) return wrong('An event type reads like "github.push"');
  if (!granted.some((grant) => !grant.types || grant.types.includes(type))) {
    return denied('events:emit', type, `This plugin was not granted to emit "${type}"`);
  }
  if (!isShortText(id, 200)) return wrong('id must be text of at most 200 characters');
  if (occurred_at !== undefined && !(typeof occurred_at === 'string' && Number.isFinite(Date.parse(occurred_at)))) {
    return wrong('occurred_at must be a date and time (RFC 3339)');
  }
  const request: EmitRequest = { type, data };
  if (id !== undefined) request.id = id;
  if (occurred_at !== undefined) request.occurred_at = occurred_at as string;
  return { ok: true, permission: 'events:emit', detail: type, request };
}
