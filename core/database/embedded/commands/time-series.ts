import { CommandError, cut } from '../errors.ts';
import { fieldsOf } from '../query/match.ts';
import type { Collection } from '../storage/catalog.ts';
import { isOperatorUpdate } from '../update/compile-update.ts';
import { type Document, isDocument } from '../values/document.ts';
import { splitPath } from '../values/path.ts';
import { isTruthy } from '../values/types.ts';

/**
 * Only the metadata of a time series changes, of all documents that have some (manual: core/timeseries/timeseries-limitations,
 * "Updates"). @throws CommandError 72 for another update
 */
export function checkSeriesUpdate({ options }: Collection, { q, u, multi, upsert }: Document): void {
  const { metaField } = options.timeseries as Document;
  const refused = (what: string) => new CommandError(72, `Cannot perform ${what} on a time-series collection`);
  if (isTruthy(upsert)) throw refused('an upsert');
  if (!isTruthy(multi)) throw refused('a non-multi update');
  if (metaField === undefined) throw refused('an update without a metaField');
  if (!isDocument(u) || !isOperatorUpdate(u)) throw refused('an update by a replacement or pipeline');
  const queried = fieldsOf(q as Document);
  if (!queried || [...queried].some((field) => field !== metaField))
    throw refused(`an update that queries another field than the metaField '${cut(metaField)}'`);
  for (const [operator, operands] of Object.entries(u)) {
    const entries = Object.entries(isDocument(operands) ? operands : {});
    const paths = entries.flatMap(([path, value]) => (operator === '$rename' ? [path, String(value)] : [path]));
    if (paths.some((path) => splitPath(path)[0] !== metaField))
      throw refused(`an update of another field than the metaField '${cut(metaField)}'`);
  }
}
