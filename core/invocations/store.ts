import type { StoreRequest } from '../../sandbox/types.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { trusted } from '../database/mongoose.ts';
import { transaction } from '../database/transaction.ts';
import { StoreEntry } from './model.ts';
import type { CallScope } from './scope.ts';

/** What one plugin may keep for one owner. */
export const storeLimits = { key_chars: 256, value_bytes: 262_144, keys: 10_000, page: 100 } as const;

/** A refusal in words that may cross into the sandbox. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: 'bad_request' | 'too_large' | 'conflict';
  constructor(code: StoreError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * What `ctx.store` does: values per integration, else per installation and project.
 *
 * @returns `get`: `{value, version}` or null; `set`: `{version}`; `delete`: whether there was one; `list`: keys in order
 * @throws StoreError
 */
export async function useStore(scope: CallScope, request: StoreRequest): Promise<unknown> {
  const owner = ownerOf(scope);
  switch (request.op) {
    case 'get': {
      const entry = await StoreEntry.findOne({ _id: entryId(owner, request.key) }).lean();
      return entry && !isPast(entry) ? { value: JSON.parse(entry.value_text), version: entry.version } : null;
    }
    case 'set':
      return setEntry(scope, owner, request);
    case 'delete': {
      const { deletedCount } = await StoreEntry.deleteOne({ _id: entryId(owner, request.key) });
      return deletedCount > 0;
    }
    case 'list':
      return list(owner, request);
  }
}

async function setEntry(
  scope: CallScope,
  owner: string,
  request: Extract<StoreRequest, { op: 'set' }>,
): Promise<{ version: number }> {
  const value_text = JSON.stringify(request.value ?? null);
  if (Buffer.byteLength(value_text) > storeLimits.value_bytes) {
    throw new StoreError('too_large', `A stored value has at most ${storeLimits.value_bytes} bytes as JSON`);
  }
  const _id = entryId(owner, request.key);
  return transaction(async () => {
    const found = await StoreEntry.findById(_id).lean();
    const before = found && !isPast(found) ? found : null;
    if (request.if_version !== undefined && request.if_version !== (before?.version ?? 0)) {
      throw new StoreError(
        'conflict',
        `${quote(request.key)} has version ${before?.version ?? 0}, not ${request.if_version}`,
      );
    }
    if (!found && (await StoreEntry.countDocuments({ owner })) >= storeLimits.keys) {
      throw new StoreError('too_large', `A plugin keeps at most ${storeLimits.keys} keys for one owner`);
    }
    const version = (before?.version ?? 0) + 1;
    const entry: StoreEntry = {
      _id,
      workspace_id: scope.workspace_id,
      installation_id: scope.installation._id,
      integration_id: scope.integration?._id ?? null,
      owner,
      key: request.key,
      value_text,
      version,
      expires_at: request.ttl_s === undefined ? null : new Date(Date.now() + request.ttl_s * 1000),
    };
    await StoreEntry.replaceOne({ _id }, entry, { upsert: true });
    return { version };
  });
}

async function list(owner: string, request: Extract<StoreRequest, { op: 'list' }>): Promise<string[]> {
  const prefix = request.prefix ?? '';
  // From the prefix on, keys are read in order: the first that does not begin with it ends the list.
  const from = request.after !== undefined && request.after >= prefix ? { $gt: request.after } : { $gte: prefix };
  const entries = await StoreEntry.find({ owner, key: trusted(from) }, { key: 1, expires_at: 1 })
    .sort({ key: 1 })
    .limit(Math.min(request.limit ?? storeLimits.page, storeLimits.page))
    .lean();
  return entries.filter((entry) => entry.key.startsWith(prefix) && !isPast(entry)).map((entry) => entry.key);
}

function ownerOf(scope: CallScope): string {
  return scope.integration?._id ?? `${scope.installation._id}.${scope.project_id ?? '-'}`;
}

function entryId(owner: string, key: unknown): string {
  if (typeof key !== 'string' || key === '' || key.length > storeLimits.key_chars) {
    throw new StoreError('bad_request', `A key is a text of 1 to ${storeLimits.key_chars} characters`);
  }
  return `${owner}:${key}`;
}

const isPast = ({ expires_at }: { expires_at: Date | null }) =>
  expires_at !== null && expires_at.getTime() <= Date.now();
