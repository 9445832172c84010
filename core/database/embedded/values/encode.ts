import { serialize } from 'bson';
import { CommandError } from '../errors.ts';
import type { Document } from './document.ts';

/** The largest document that MongoDB stores: 16 MiB (manual: reference/limits, "BSON Document Size"). */
export const MAX_DOCUMENT = 16 * 1024 * 1024;

/**
 * Writes a document as BSON bytes.
 * @param code - of the error for a document that is too large: that of an update differs
 * @throws CommandError `code` when the result is larger than `max` bytes
 */
export function encode(document: Document, max: number = MAX_DOCUMENT, code = 10334): Buffer {
  let bytes: Uint8Array;
  try {
    bytes = serialize(document, { ignoreUndefined: false });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(code, max);
    if (error instanceof CommandError) throw error;
    throw new CommandError(22, `The document cannot be written as BSON: ${(error as Error).message}`);
  }
  if (bytes.length > max) throw tooLarge(code, max, bytes.length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function tooLarge(code: number, max: number, size?: number): CommandError {
  const seen = size === undefined ? '' : ` Size: ${size} bytes.`;
  return new CommandError(code, `BSONObj size is invalid: larger than the maximum of ${max} bytes.${seen}`);
}
