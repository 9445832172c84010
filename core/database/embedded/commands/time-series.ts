import { CommandError, cut } from '../errors.ts';
import { fieldsOf } from '../query/match.ts';
import type { Collection } from '../storage/catalog.ts';
import { isOperatorUpdate } from '../update/compile-update.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
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
  const paths = Array.isArray(u)
    ? u.flatMap(pathsOfStage)
    : isOperatorUpdate(u)
      ? pathsOfOperators(u as Document)
      : [undefined];
  if (paths.includes(undefined)) throw refused('an update by a replacement');
  const queried = fieldsOf(q as Document);
  if (!queried || [...queried].some((field) => field !== metaField))
    throw refused(`an update that queries another field than the metaField '${cut(metaField)}'`);
  if (paths.some((path) => splitPath(path ?? '')[0] !== metaField))
    throw refused(`an update of another field than the metaField '${cut(metaField)}'`);
}

/** The paths that operators change. */
function pathsOfOperators(update: Document): string[] {
  return Object.entries(update).flatMap(([operator, operands]) =>
    Object.entries(isDocument(operands) ? operands : {}).flatMap(([path, value]) =>
      operator === '$rename' ? [path, String(value)] : [path],
    ),
  );
}

/** The paths that a stage changes; undefined for a stage that replaces documents. */
function pathsOfStage(stage: Value): (string | undefined)[] {
  const [name = '', spec] = isDocument(stage) ? (Object.entries(stage)[0] ?? []) : [];
  if (name === '$unset') return [spec].flat().map(String);
  return ['$set', '$addFields'].includes(name) && isDocument(spec) ? Object.keys(spec) : [undefined];
}
