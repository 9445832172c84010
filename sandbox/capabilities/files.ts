import type { Grant } from '../types.ts';
import type { Verdict } from './verdict.ts';
import { denied, invalid, isObject, short } from './verdict.ts';

const OPERATIONS = new Set(['info', 'read', 'create', 'upload']);

/** `ctx.files`: needs `files`; no range may be longer than the grant's `max_bytes`. */
export function judgeFiles(grants: readonly Grant[], value: unknown): Verdict<Record<string, unknown>> {
  const granted = grants.filter((grant) => grant.name === 'files');
  const detail = isObject(value) ? short(`${short(value.op, 10)} ${short(value.id ?? '', 60)}`) : 'files';
  if (granted.length === 0) return denied('files', detail, 'This plugin was not granted "files"');
  if (!isObject(value) || !OPERATIONS.has(value.op as string))
    return invalid('files', detail, 'That is no file operation');
  const most = Math.max(...granted.map((grant) => grant.max_bytes));
  for (const size of [value.length, value.size]) {
    if (size !== undefined && !(Number.isSafeInteger(size) && (size as number) >= 0)) {
      return invalid('files', detail, 'Sizes are whole numbers');
    }
    if (typeof size === 'number' && size > most)
      return denied('files', detail, `This plugin was granted files up to ${most} bytes`);
  }
  return { ok: true, permission: 'files', detail, request: value };
}
