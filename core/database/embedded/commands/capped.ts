import { CommandError } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import { decode } from '../values/decode.ts';
import type { Document } from '../values/document.ts';
import { isTruthy, toInteger } from '../values/types.ts';
import type { Request } from './request.ts';
import { sizeOf } from './statistics.ts';

/** What `create` says of a capped collection: `size` in bytes is needed, `max` documents is not. */
export function cappedOptions(command: Document): Document {
  if (!isTruthy(command.capped)) return {};
  if (command.size === undefined) throw new CommandError(72, "the 'size' field is required when 'capped' is true");
  const size = toInteger(command.size, "BSON field 'create.size'", 14);
  return {
    capped: true,
    size,
    ...(command.max !== undefined && { max: toInteger(command.max, "BSON field 'create.max'", 14) }),
  };
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
