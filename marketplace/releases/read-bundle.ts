import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Failure } from '../../sdk/contract/failure.ts';
import { integrityOf } from '../../sdk/package/integrity.ts';
import { Bundle } from '../models/bundle.ts';

const unzip = promisify(gunzip);

/** A stored package that is not what was published. `reason` says which part. */
export class TamperedError extends Error {
  override readonly name = 'TamperedError';
}

/** A package as stored, its digests checked again. */
export interface CheckedBundle {
  bytes: Buffer;
  script: string;
  source_map: string | null;
}

/**
 * Reads a stored package and checks both digests: of its bytes (the integrity that was logged) and of the script.
 *
 * @throws TamperedError when either differs; Failure `plugin_not_found` when it is not stored here
 */
export async function readBundle(integrity: string): Promise<CheckedBundle> {
  const bundle = await Bundle.findById(integrity);
  if (!bundle) {
    throw new Failure('plugin_not_found', { message: `The package ${integrity.slice(0, 24)}… is not stored here` });
  }
  const seen = integrityOf(bundle.bytes);
  if (seen !== integrity) {
    throw new TamperedError(
      `The stored package does not have its digest: ${seen.slice(0, 24)}… instead of ${integrity.slice(0, 24)}…`,
    );
  }
  const script = await unzip(bundle.script, { maxOutputLength: 60_000_000 }).catch((cause: Error) => {
    throw new TamperedError(`The stored script cannot be read: ${cause.message}`, { cause });
  });
  if (integrityOf(script) !== bundle.script_digest)
    throw new TamperedError('The stored script does not have its digest');
  return {
    bytes: bundle.bytes,
    script: script.toString('utf8'),
    source_map: bundle.source_map ? (await unzip(bundle.source_map)).toString('utf8') : null,
  };
}
