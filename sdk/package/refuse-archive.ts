import { Failure } from '../contract/failure.ts';
import { quote } from '../contract/quote.ts';

/** Why an archive is refused; in `content.reason` of the failure. */
export type ArchiveReason =
  | (
      | 'too_large'
      | 'not_gzip'
      | 'gzip_flags'
      | 'gzip_broken'
      | 'gzip_checksum'
      | 'gzip_trailing'
      | 'bomb'
      | 'unpacked_too_large'
    )
  | (
      | 'too_many_entries'
      | 'header_checksum'
      | 'header_format'
      | 'header_number'
      | 'truncated'
      | 'no_end'
      | 'trailing_data'
      | 'padding'
    )
  | (
      | 'hard_link'
      | 'symbolic_link'
      | 'device'
      | 'fifo'
      | 'sparse'
      | 'extended_header'
      | 'long_name'
      | 'entry_type'
      | 'link_target'
    )
  | (
      | 'folder_size'
      | 'special_mode'
      | 'path_encoding'
      | 'path_empty'
      | 'path_absolute'
      | 'path_traversal'
      | 'path_backslash'
    )
  | (
      | 'path_character'
      | 'path_reserved'
      | 'path_long'
      | 'path_unknown'
      | 'duplicate'
      | 'case_collision'
      | 'file_and_folder'
    )
  | (
      | 'manifest_missing'
      | 'manifest_json'
      | 'manifest_invalid'
      | 'code_missing'
      | 'file_unlisted'
      | 'file_missing'
      | 'file_digest'
    )
  | 'signature_json';

/**
 * Builds the failure that says why a package was not taken.
 * @param entry path of the entry at fault, as far as it is known
 */
export function refuseArchive(
  reason: ArchiveReason,
  message: string,
  details: { entry?: string; errors?: object[]; cause?: unknown } = {},
): Failure {
  const { entry, errors, cause } = details;
  const where = entry === undefined ? '' : `${quote(entry)}: `;
  return new Failure('install_refused', {
    message: `The package was refused: ${where}${message}`,
    content: { reason, ...(entry === undefined ? {} : { entry: quote(entry) }), ...(errors ? { errors } : {}) },
    ...(cause === undefined ? {} : { cause }),
  });
}
