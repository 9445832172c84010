import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { newId } from '../database/id.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { hashKey, newApiKey, prefixOf } from './api-key-text.ts';
import { checkAddresses } from './check-addresses.ts';
import { apiKeyPepper, pepperVersion } from './find-api-key.ts';
import { findProject } from './find-project.ts';
import { ApiKey, type ApiKeyDoc } from './model.ts';
import type { Scope } from './rights.ts';

export interface KeyWishes {
  name: string;
  scopes: readonly Scope[];
  mode: 'live' | 'test';
  project_id?: string | null | undefined;
  rate_limit_per_hour?: number | null | undefined;
  rate_limit_per_day?: number | null | undefined;
  expires_at?: string | null | undefined;
  ip_allowlist?: readonly string[] | undefined;
}

/** A key that was just made: the only moment at which its text exists here. */
export interface MadeKey {
  key: string;
  doc: ApiKeyDoc;
}

/**
 * Makes an API key.
 *
 * @throws Failure `not_found` (project), `validation_failed` (an address, a time that is past)
 */
export async function makeApiKey(caller: Caller, wishes: KeyWishes, address: string): Promise<MadeKey> {
  checkAddresses(wishes.ip_allowlist ?? []);
  if (wishes.expires_at && Date.parse(wishes.expires_at) <= Date.now()) {
    throw new Failure('validation_failed', {
      content: {
        errors: [{ pointer: '/expires_at', message: 'must lie in the future', keyword: 'future', params: {} }],
      },
    });
  }
  const project =
    wishes.project_id || caller.project_id
      ? await findProject(caller.workspace_id, wishes.project_id, caller.project_id)
      : null;
  const drafted = await draft(wishes.mode, {
    workspace_id: caller.workspace_id,
    project_id: project?._id ?? null,
    name: wishes.name,
    scopes: [...wishes.scopes],
    rate_limit_per_hour: wishes.rate_limit_per_hour ?? null,
    rate_limit_per_day: wishes.rate_limit_per_day ?? null,
    expires_at: wishes.expires_at ? new Date(wishes.expires_at) : null,
    ip_allowlist: [...(wishes.ip_allowlist ?? [])],
    created_by: caller.user_id,
  });
  return transaction(async () => {
    const doc = await store(drafted, caller, 'api_key.created', address);
    return { key: drafted.key, doc };
  });
}

/** @throws Failure `not_found` */
export async function findKey(caller: Caller, id: string): Promise<ApiKeyDoc> {
  const key = await ApiKey.findOne({ _id: id, workspace_id: caller.workspace_id }).lean();
  if (!key || (caller.project_id && key.project_id !== caller.project_id))
    throw new Failure('not_found', { message: 'There is no such API key in this workspace.' });
  return key;
}

/**
 * Revokes a key, for ever; every node refuses it within a second.
 *
 * @throws Failure `not_found`
 */
export async function revokeApiKey(caller: Caller, id: string, address: string): Promise<void> {
  const key = await findKey(caller, id);
  if (key.revoked_at) return;
  await transaction(async () => {
    await ApiKey.updateOne({ _id: id, revoked_at: null }, { $set: { revoked_at: new Date() } });
    await announce('site');
    await audit({
      workspace_id: key.workspace_id,
      caller,
      action: 'api_key.revoked',
      target: target(key),
      before: { revoked: false },
      after: { revoked: true },
      address,
    });
  });
}

/**
 * Makes a key that takes over from another with the same rights; the old one stays good for the overlap.
 *
 * @param overlap_s seconds; 0 ends the old one at once
 * @throws Failure `not_found`, `conflict` when it was revoked, has expired or was rotated already
 */
export async function rotateApiKey(caller: Caller, id: string, overlap_s: number, address: string): Promise<MadeKey> {
  const old = await findKey(caller, id);
  const now = Date.now();
  if (old.revoked_at || old.rotated_to || (old.expires_at && old.expires_at.getTime() <= now)) {
    throw new Failure('conflict', {
      message: 'This API key was revoked, has expired or was rotated already: make a new one.',
    });
  }
  const { workspace_id, project_id, name, scopes, rate_limit_per_hour, rate_limit_per_day, expires_at, ip_allowlist } =
    old;
  const drafted = await draft(old.mode, {
    workspace_id,
    project_id,
    name,
    scopes,
    rate_limit_per_hour,
    rate_limit_per_day,
    expires_at,
    ip_allowlist,
    created_by: caller.user_id,
  });
  const ends = new Date(Math.min(now + overlap_s * 1000, expires_at?.getTime() ?? Number.POSITIVE_INFINITY));
  return transaction(async () => {
    const doc = await store(drafted, caller, 'api_key.rotated', address);
    const taken = await ApiKey.updateOne(
      { _id: id, rotated_to: null, revoked_at: null },
      { $set: { rotated_to: doc._id, expires_at: ends } },
    );
    if (taken.modifiedCount === 0)
      throw new Failure('conflict', { message: 'This API key was rotated or revoked at the same moment.' });
    await announce('site');
    return { key: drafted.key, doc };
  });
}

type Draft = Pick<
  ApiKeyDoc,
  | 'workspace_id'
  | 'project_id'
  | 'name'
  | 'scopes'
  | 'rate_limit_per_hour'
  | 'rate_limit_per_day'
  | 'expires_at'
  | 'ip_allowlist'
  | 'created_by'
>;

async function draft(mode: 'live' | 'test', fields: Draft) {
  const key = newApiKey(mode);
  const hash = hashKey(key, await apiKeyPepper(pepperVersion));
  return {
    key,
    fields: { ...fields, mode, _id: newId('key'), prefix: prefixOf(key), hash, pepper_version: pepperVersion },
  };
}

async function store(
  { fields }: Awaited<ReturnType<typeof draft>>,
  caller: Caller,
  action: string,
  address: string,
): Promise<ApiKeyDoc> {
  const doc = (await ApiKey.create(fields)).toObject();
  const { name, scopes, project_id, expires_at, rate_limit_per_hour, rate_limit_per_day, ip_allowlist } = doc;
  await audit({
    workspace_id: doc.workspace_id,
    caller,
    action,
    target: target(doc),
    after: { name, scopes, project_id, expires_at, rate_limit_per_hour, rate_limit_per_day, ip_allowlist },
    address,
  });
  return doc;
}

function target(key: ApiKeyDoc) {
  return { kind: 'api_key', id: key._id, name: `${key.name} (${key.prefix}…)` };
}
