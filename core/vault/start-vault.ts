import { VaultError } from './errors.ts';
import { keyFile, newMasterKey, readKeyFile, writeKeyFile } from './key-file.ts';
import { SiteSecret } from './model.ts';
import { openSiteSecrets, siteSecret } from './site-secret.ts';
import { openVault, type Vault } from './vault.ts';

export interface StartedVault {
  vault: Vault;
  /** `made`: there was no key and none was needed yet, so one was written to `file` */
  source: 'environment' | 'file' | 'made';
  file: string;
}

/**
 * Opens the vault with the keys of the environment, else of the data folder, else with a new key that it writes there,
 * and proves that they are the keys of this database. Needs the database.
 *
 * @param keys from ENCRYPTION_KEY, newest first; may be empty
 * @param folder the data folder
 * @throws VaultError `missing_key`, `unknown_key`, `bad_key`: the host must not start
 */
export async function startVault(keys: readonly Buffer[], folder: string): Promise<StartedVault> {
  const file = keyFile(folder);
  let source: StartedVault['source'] = 'environment';
  let used = keys;
  if (used.length === 0) {
    source = 'file';
    used = readKeyFile(folder);
  }
  if (used.length === 0) {
    if ((await SiteSecret.estimatedDocumentCount()) > 0) {
      throw new VaultError(
        'missing_key',
        `This database holds sealed secrets, but ENCRYPTION_KEY is not set and ${file} does not exist. Set ENCRYPTION_KEY to the key that the database was made with, or put the file back.`,
      );
    }
    source = 'made';
    used = [newMasterKey()];
    writeKeyFile(folder, used);
  }
  // A rotation adds a key to the file while we run; one from the environment comes with a restart.
  const vault = openVault(used, source === 'environment' ? undefined : () => readKeyFile(folder));
  try {
    await openSiteSecrets();
    await siteSecret('key-check');
  } catch (cause) {
    if (!(cause instanceof VaultError)) throw cause;
    const where = source === 'environment' ? 'ENCRYPTION_KEY' : file;
    throw new VaultError(cause.reason, `${where} is not the key of this database. ${cause.message}`, { cause });
  }
  return { vault, source, file };
}
