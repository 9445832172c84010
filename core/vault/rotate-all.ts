import { setTimeout as wait } from 'node:timers/promises';
import { newMasterKey, readKeyFile, retiredKeyFile, writeKeyFile } from './key-file.ts';
import { type RotationOptions, rotateKey } from './rotate.ts';
import { lookEveryMs, openVault } from './vault.ts';

/**
 * Rotates the master key of a data folder: writes a new key before the old ones, lets every running host notice, wraps
 * all secrets again until nothing old is left, and moves the old keys out of the file (into `encryption.key.retired`, for backups
 * from before). Killed half-way, the next call
 * goes on with the key that was made.
 *
 * @returns how many secrets were wrapped again
 * @throws VaultError, as `readKeyFile` and `rotateKey`
 */
export async function rotateKeyFile(folder: string, options: RotationOptions = {}): Promise<number> {
  const present = readKeyFile(folder);
  // More than one key: a rotation was begun and not ended.
  const keys = present.length > 1 ? present : [newMasterKey(), ...present];
  if (keys !== present) writeKeyFile(folder, keys);
  openVault(keys);
  const total = await rotateAll(options);
  writeKeyFile(folder, keys.slice(1), retiredKeyFile(folder));
  writeKeyFile(folder, keys.slice(0, 1));
  return total;
}

/** Rotates until a whole run has found nothing old. @returns how many secrets were wrapped again */
export async function rotateAll(options: RotationOptions = {}): Promise<number> {
  let total = 0;
  for (;;) {
    // Running hosts look for a new key once a second; only then do they seal with it.
    await wait(lookEveryMs * 1.5);
    const count = await rotateKey(options);
    total += count;
    if (count === 0) return total;
  }
}
