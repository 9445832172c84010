import type { Grant, StoreRequest } from '../types.ts';
import type { Verdict } from './verdict.ts';
import { denied, invalid, isObject, isShortText, short } from './verdict.ts';

const MAX_KEY = 512;

/** `ctx.store`: needs `storage`. Where the values are kept is the host's decision, by the call's scope. */
export function judgeStore(grants: readonly Grant[], value: unknown): Verdict<StoreRequest> {
  const wrong = (message: string) => invalid('storage', 'store', message);
  if (!isObject(value)) return wrong('ctx.store takes a key');
  const { op, key, prefix, after, limit, if_version, ttl_s } = value;
  const detail = `${short(op, 10)} ${short(key ?? prefix ?? '', 80)}`;
  if (!grants.some((grant) => grant.name === 'storage')) {
    return denied('storage', detail, 'This plugin was not granted "storage"');
  }
  if (op === 'list') {
    if (!isShortText(prefix, MAX_KEY) || !isShortText(after, 4096)) return wrong('prefix and after must be texts');
    if (limit !== undefined && !isWhole(limit, 1)) return wrong('limit must be a whole number above 0');
  } else if (op === 'get' || op === 'set' || op === 'delete') {
    if (typeof key !== 'string' || key === '' || key.length > MAX_KEY) {
      return wrong(`A key must be text of 1 to ${MAX_KEY} characters`);
    }
    if (if_version !== undefined && !isWhole(if_version, 0)) return wrong('if_version must be a whole number');
    if (ttl_s !== undefined && !(typeof ttl_s === 'number' && ttl_s > 0)) return wrong('ttl_s must be above 0');
  } else return wrong(`"${short(op, 20)}" is no store operation`);
  return { ok: true, permission: 'storage', detail, request: value as unknown as StoreRequest };
}

function isWhole(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
