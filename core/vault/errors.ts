export type VaultReason = 'not_open' | 'bad_key' | 'missing_key' | 'unknown_key' | 'malformed' | 'does_not_open';

/**
 * A sealed text cannot be made or opened, or the master keys are not the ones of this database.
 *
 * `reason` for the code that catches it:
 * - `not_open`: `openVault` was not called yet
 * - `bad_key`: a master key is not 32 bytes, or the key file is not one
 * - `missing_key`: the database holds sealed secrets and there is no master key at all
 * - `unknown_key`: sealed with a master key that is not in the list
 * - `malformed`: not a sealed text
 * - `does_not_open`: altered, or moved here from another record, field or workspace
 */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly reason: VaultReason;
  constructor(reason: VaultReason, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}
