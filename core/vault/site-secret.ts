import { randomBytes } from 'node:crypto';
import { SiteSecret } from './model.ts';
import { seal, unseal } from './vault.ts';

const place = (name: string) => ({ workspace_id: 'site', record: name, field: 'sealed' });
const opened = new Map<string, string>();

/**
 * A secret that all nodes of this site share: read, or made and stored sealed when it is not there yet.
 * Kept in memory, since it never changes; a new version has a new name (`api-key-pepper-2`).
 *
 * @param make the text of a new one; 32 random bytes as base64url unless given
 */
export async function siteSecret(
  name: string,
  make: () => string | Promise<string> = () => randomBytes(32).toString('base64url'),
): Promise<string> {
  const known = opened.get(name);
  if (known !== undefined) return known;
  let found = await SiteSecret.findById(name).lean();
  if (!found) {
    const sealed = seal(await make(), place(name));
    // Two nodes may make it at once: the first insert wins, both read it.
    await SiteSecret.updateOne({ _id: name }, { $setOnInsert: { sealed } }, { upsert: true });
    found = await SiteSecret.findById(name).lean().orFail();
  }
  const text = unseal(found.sealed, place(name));
  opened.set(name, text);
  return text;
}

/**
 * Opens every site secret: the proof that the master keys are the ones of this database.
 *
 * @throws VaultError `unknown_key`, `does_not_open`
 * @returns how many there are
 */
export async function openSiteSecrets(): Promise<number> {
  opened.clear();
  const all = await SiteSecret.find().lean();
  for (const { _id, sealed } of all) opened.set(_id, unseal(sealed, place(_id)));
  return all.length;
}
