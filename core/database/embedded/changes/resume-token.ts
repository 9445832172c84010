import { CommandError } from '../errors.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';

/** A place in the changes, for a stream to go on from; after an `invalidate` only `startAfter` takes it. */
export function tokenOf(at: bigint, invalidate = false): Document {
  return { _data: `${at.toString(16).toUpperCase().padStart(16, '0')}${invalidate ? '01' : '00'}` };
}

/** The place that a token names. @throws CommandError 14 or 9 for what is no token of this engine */
export function placeOf(token: Value): { at: bigint; invalidate: boolean } {
  const data = isDocument(token) ? token._data : undefined;
  if (typeof data !== 'string')
    throw new CommandError(14, "BSON field '$changeStream.resumeAfter._data' is missing or no string");
  if (!/^[0-9A-F]{16}0[01]$/i.test(data))
    throw new CommandError(9, 'resume token string was not one that this database has given');
  return { at: BigInt(`0x${data.slice(0, 16)}`), invalidate: data.endsWith('01') };
}
