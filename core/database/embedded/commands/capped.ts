import { CommandError, cut } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import { decode } from '../values/decode.ts';
import type { Document, Value } from '../values/document.ts';
import { isNumber, isTruthy, toNumber, typeName } from '../values/types.ts';
import type { Request } from './request.ts';
import { sizeOf } from './statistics.ts';

/**
 * What `create` says of a capped collection: `size` in bytes is needed, `max` documents is not (manual: core/capped-collections).
 * @throws CommandError 51024 for sizes out of range, 72 for what does not fit together
 */
export function cappedOptions(command: Document): Document {
  const size = sizeOfCap(command.size, 'create', 'size');
  const max = countOfCap(command.max, 'create', 'max');
  if (isTruthy(command.capped)) {
    if (size === undefined) throw new CommandError(72, "the 'size' field is required when 'capped' is true");
    return { capped: true, size, ...(max !== undefined && { max }) };
  }
  if (size === undefined && max === undefined) return {};
  throw new CommandError(72, "the 'capped' field needs to be true when either the 'size' or 'max' fields are present");
}

/** The bytes that a capped collection may have, as they are stored; undefined when nothing is said of them. */
export function sizeOfCap(value: Value, command: string, field: string): number | bigint | undefined {
  const size = wholePart(value, command, field);
  if (size === undefined) return undefined;
  if (size < 1) throw new CommandError(51024, `BSON field '${field}' value must be >= 1, actual value '${size}'`);
  if (size > MAX_CAP)
    throw new CommandError(51024, `BSON field '${field}' value must be <= ${MAX_CAP}, actual value '${size}'`);
  return size > 2147483647 ? BigInt(size) : size;
}

/** The documents that a capped collection may have: zero or less stands for no limit. */
export function countOfCap(value: Value, command: string, field: string): number | undefined {
  const count = wholePart(value, command, field);
  if (count === undefined) return undefined;
  if (count > 2147483647)
    throw new CommandError(51024, `BSON field '${field}' value must be < 2147483648, actual value '${count}'`);
  return count <= 0 ? 2147483647 : count;
}

/** As many bytes as a capped collection can have: a pebibyte. */
const MAX_CAP = 1125899906842624;

function wholePart(value: Value, command: string, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isNumber(value))
    throw new CommandError(
      14,
      `BSON field '${command}.${field}' is the wrong type '${typeName(value)}', expected types '[double, int, long, decimal]'`,
    );
  return Math.trunc(toNumber(value)) || 0;
}

/** @throws CommandError 263 or 20: a transaction does not write to a capped collection (manual: core/transactions-operations) */
export function refuseCappedInTransaction({ transaction }: Request, collection: Collection, removing = false): void {
  if (!transaction || collection.options.capped !== true) return;
  const namespace = `${collection.database}.${cut(collection.name)}`;
  if (removing)
    throw new CommandError(20, `Cannot remove from a capped collection in a multi-document transaction: ${namespace}`);
  throw new CommandError(
    263,
    `Collection '${namespace}' is a capped collection. Writes in transactions are not allowed on capped collections.`,
  );
}

/** Removes the oldest documents of a capped collection until it fits again (manual: core/capped-collections). */
export function keepWithinCap(request: Request, collection: Collection): void {
  const { capped, size, max } = collection.options;
  if (capped !== true || request.transaction) return;
  let { count, size: bytes } = sizeOf(request, collection);
  for (const chunk of request.access.scan(collection, { kind: 'rows', reverse: false }, 16)) {
    for (const { row, bytes: document } of chunk) {
      if (bytes <= Number(size) && (max === undefined || count <= Number(max))) return;
      request.access.remove(collection, row, decode(document));
      bytes -= document.length;
      count--;
    }
  }
}
