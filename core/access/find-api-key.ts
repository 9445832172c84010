import { Failure } from '../../sdk/contract/failure.ts';
import { siteSecret } from '../vault/site-secret.ts';
import { hashKey, isWellFormedKey } from './api-key-text.ts';
import { cached } from './cache.ts';
import { guardGuesses } from './guesses.ts';
import { ApiKey, type ApiKeyDoc, Workspace } from './model.ts';

/** The pepper that new keys are hashed with; older keys name theirs. */
export const pepperVersion = 1;

/** A key that was found good, with what its workspace says about addresses. */
export interface KnownKey {
  key: ApiKeyDoc;
  workspace_addresses: string[];
}

/**
 * Finds the API key that a request brings. One with a slip in it is refused by its checksum, before any database.
 *
 * @throws Failure `unauthenticated` (mistyped, unknown, revoked, expired), `rate_limited` for an address that guesses
 */
export async function findApiKey(text: string, address: string): Promise<KnownKey> {
  const known = await cached<KnownKey | null>('site', 'api-key', text, async () => {
    if (!isWellFormedKey(text)) throw refused('This API key is mistyped: its checksum does not fit.');
    guardGuesses(address);
    return readKey(hashKey(text, await apiKeyPepper(pepperVersion)));
  });
  if (!known) throw refused('This API key is unknown or was revoked.');
  const { expires_at } = known.key;
  if (expires_at && expires_at.getTime() <= Date.now())
    throw refused(`This API key expired at ${expires_at.toISOString()}.`);
  return known;
}

/** The pepper of a version: a site secret, so it lives through a rotation of the master key. */
export function apiKeyPepper(version: number): Promise<string> {
  return siteSecret(`api-key-pepper-${version}`);
}

async function readKey(hash: string): Promise<KnownKey | null> {
  const key = await ApiKey.findOne({ hash, revoked_at: null }).lean();
  if (!key) return null;
  const workspace = await Workspace.findById(key.workspace_id).lean();
  return workspace && { key, workspace_addresses: workspace.ip_allowlist };
}

function refused(message: string): Failure {
  return new Failure('unauthenticated', { message });
}
