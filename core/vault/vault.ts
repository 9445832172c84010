import { VaultError } from './errors.ts';
import {
  type MasterKey,
  masterKey,
  partsOf,
  rewrapText,
  type SealContext,
  sealText,
  unsealText,
} from './sealed-text.ts';

/** Master keys with which texts are sealed (the first) and opened (all). */
export interface Vault {
  /** ids of the master keys, the one that seals first */
  readonly key_ids: readonly string[];
  seal(text: string, context: SealContext): string;
  /** @throws VaultError `malformed`, `unknown_key`, `does_not_open` */
  unseal(sealed: string, context: SealContext): string;
  /** The sealed text under the newest master key, or null when it already is. @throws VaultError as `unseal` */
  rewrap(sealed: string): string | null;
}

/** So long after a rotation began, every process seals with the new key. */
export const lookEveryMs = 1000;

/**
 * A vault over master keys.
 *
 * @param keys 32 bytes each, newest first; at least one
 * @param more asked at most once a second, and for an unknown key id: a rotation may have added a key since
 * @throws VaultError `bad_key`
 */
export function createVault(keys: readonly Buffer[], more: () => readonly Buffer[] = () => []): Vault {
  const [first] = keys;
  if (!first) throw new VaultError('bad_key', 'A vault needs at least one master key.');
  let sealing: MasterKey = masterKey(first);
  let known = new Map(keys.map((bytes) => masterKey(bytes)).map((key) => [key.id, key]));
  const missing = new Set<string>();

  let looked = Date.now();
  const look = (): void => {
    looked = Date.now();
    const found = more().map((bytes) => masterKey(bytes));
    known = new Map([...known, ...found.map((one) => [one.id, one] as const)]);
    if (found[0]) sealing = found[0];
  };
  const keyOf = (id: string): MasterKey => {
    const key = known.get(id);
    if (key) return key;
    if (!missing.has(id)) {
      look();
      const added = known.get(id);
      if (added) return added;
      missing.add(id);
    }
    throw new VaultError(
      'unknown_key',
      `A secret is sealed with master key ${id}, which is not among the ${known.size} in ENCRYPTION_KEY (${[...known.keys()].join(', ')}). Add that key to the end of the list.`,
    );
  };

  return {
    get key_ids() {
      return [sealing.id, ...[...known.keys()].filter((id) => id !== sealing.id)];
    },
    seal(text, context) {
      // A rotation ends only when nobody seals with the old key any more.
      if (Date.now() - looked > lookEveryMs) look();
      return sealText(text, context, sealing);
    },
    unseal(sealed, context) {
      const parts = partsOf(sealed);
      return unsealText(parts, context, keyOf(parts.key_id));
    },
    rewrap(sealed) {
      const parts = partsOf(sealed);
      return parts.key_id === sealing.id ? null : rewrapText(parts, keyOf(parts.key_id), sealing);
    },
  };
}

let current: Vault | undefined;

/**
 * Opens the vault of this process; `seal` and `unseal` use it from now on.
 *
 * @throws VaultError `bad_key`
 */
export function openVault(keys: readonly Buffer[], more?: () => readonly Buffer[]): Vault {
  current = createVault(keys, more);
  return current;
}

/** The vault of this process. @throws VaultError `not_open` */
export function vault(): Vault {
  if (!current)
    throw new VaultError('not_open', 'The vault is not open yet: startVault() comes before the first secret.');
  return current;
}

/** Seals a secret for one field of one record of one workspace; it opens nowhere else. */
export function seal(text: string, context: SealContext): string {
  return vault().seal(text, context);
}

/** Opens a sealed text. @throws VaultError `not_open`, `malformed`, `unknown_key`, `does_not_open` */
export function unseal(sealed: string, context: SealContext): string {
  return vault().unseal(sealed, context);
}
