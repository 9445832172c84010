import { CommandError, cut, unsupported } from '../errors.ts';
import { type Collection, isView } from '../storage/catalog.ts';
import { type Index, sameKey } from '../storage/index.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { show } from '../values/show.ts';
import { isNumber, isTruthy, toInteger, toNumber, typeName } from '../values/types.ts';
import { countOfCap, keepWithinCap, sizeOfCap } from './capped.ts';
import { type Command, collectionName, documentField, type Request } from './request.ts';
import { refuseUnknownFields } from './unknown-fields.ts';
import { validationOptions } from './validation.ts';
import { viewOptions } from './view-options.ts';

/** What `collMod` takes besides what every command does. */
const FIELDS = [
  'index',
  'validator',
  'validationLevel',
  'validationAction',
  'viewOn',
  'pipeline',
  'changeStreamPreAndPostImages',
  'expireAfterSeconds',
  'cappedSize',
  'cappedMax',
  'timeseries',
];

/** The `collMod` command: what a collection, a view or an index can change later (manual: reference/command/collMod). */
export const collMod: Command = (request) => {
  refuseUnknownFields(request, FIELDS);
  if (request.command.timeseries !== undefined) throw unsupported('Changing the buckets of a time series');
  return request.engine.queue.submit(() => {
    const { catalog } = request.engine;
    const { command, database } = request;
    const collection = catalog.find(database, collectionName(request));
    if (!collection) throw new CommandError(26, `ns does not exist: ${database}.${collectionName(request)}`);
    const options = changedOptions(request, collection);
    if (Object.keys(options).length) {
      const all = Object.entries({ ...collection.options, ...options });
      catalog.setOptions(collection, Object.fromEntries(all.filter(([, value]) => value !== undefined)));
      keepWithinCap(request, collection);
    }
    const change = documentField(command, 'index');
    return { ...(change && changeIndex(request, collection, change)), ok: 1 };
  });
};

/**
 * The options that change; undefined for one that is taken away.
 * @throws CommandError 72 for an option that this kind of collection has not
 */
function changedOptions(request: Request, collection: Collection): Document {
  const { command } = request;
  const { options } = collection;
  const { viewOn, pipeline, expireAfterSeconds } = command;
  if (isView(collection)) {
    const other = FIELDS.find((field) => field in command && field !== 'viewOn' && field !== 'pipeline');
    if (other) throw new CommandError(72, `option not supported on a view: ${other}`);
    if (viewOn === undefined && pipeline === undefined) return {};
    const next = { viewOn: viewOn ?? options.viewOn, pipeline: pipeline ?? options.pipeline };
    return viewOptions(request, collection.name, next.viewOn, next.pipeline, options.collation);
  }
  const ofViews = ['pipeline', 'viewOn'].find((field) => field in command);
  if (ofViews) throw new CommandError(72, `option only supported on a view: ${ofViews}`);
  const changed: Document = changedValidation(command, options);
  const images = documentField(command, 'changeStreamPreAndPostImages');
  if (images) changed.changeStreamPreAndPostImages = { enabled: isTruthy(images.enabled) };
  const size = sizeOfCap(command.cappedSize, 'collMod', 'cappedSize');
  const max = countOfCap(command.cappedMax, 'collMod', 'cappedMax');
  if ((size !== undefined || max !== undefined) && options.capped !== true)
    throw new CommandError(72, 'Collection must be capped.');
  Object.assign(changed, size !== undefined && { size }, max !== undefined && { max });
  if (expireAfterSeconds !== undefined) {
    if (!isDocument(options.timeseries) && !isDocument(options.clusteredIndex))
      throw new CommandError(72, "'expireAfterSeconds' is only for time series and clustered collections");
    const seconds = toInteger(expireAfterSeconds === 'off' ? 0 : expireAfterSeconds, "'expireAfterSeconds'", 14);
    changed.expireAfterSeconds = expireAfterSeconds === 'off' ? undefined : BigInt(seconds);
  }
  return changed;
}

/** Once validation was changed, both its level and its action are written out; an empty validator is none. */
function changedValidation(command: Document, options: Document): Document {
  const changed = validationOptions(command, 'collMod');
  if (Object.keys(changed).length === 0) return {};
  const { validationLevel = 'strict', validationAction = 'error' } = options;
  return { validationLevel, validationAction, ...changed };
}

/** Changes what an index can change without being built again. @returns its former and its new options */
function changeIndex({ engine, command }: Request, collection: Collection, change: Document): Document {
  const { name, keyPattern, ...changes } = change;
  if (changes.unique !== undefined || changes.prepareUnique !== undefined)
    throw unsupported('Making an index unique by collMod');
  const other = Object.keys(changes).find((option) => !['expireAfterSeconds', 'hidden'].includes(option));
  if (other) throw new CommandError(40415, `BSON field 'collMod.index.${cut(other)}' is an unknown field.`);
  if (name === undefined && keyPattern === undefined)
    throw new CommandError(72, 'Must specify either index name or key pattern.');
  if (Object.keys(changes).length === 0)
    throw new CommandError(72, 'no expireAfterSeconds, hidden, unique, or prepareUnique field');
  const namespace = `${collection.database}.${cut(String(command.collMod))}`;
  const named = collection.indexes.filter((index) =>
    name === undefined ? sameKey(index.spec.key, keyPattern) : index.name === name,
  );
  const [index] = named;
  if (named.length > 1)
    throw new CommandError(
      181,
      `${named.length} indexes found for key: ${show(keyPattern)}, identify by name instead.`,
    );
  if (!index) throw new CommandError(27, `cannot find index ${cut(name ?? show(keyPattern))} for ns ${namespace}`);
  const { hidden, expireAfterSeconds } = changes;
  const spec = { ...index.spec };
  const result: Document = {};
  if (expireAfterSeconds !== undefined) {
    const seconds = secondsOf(index, expireAfterSeconds);
    if (spec.expireAfterSeconds !== undefined)
      result.expireAfterSeconds_old = BigInt(toNumber(spec.expireAfterSeconds));
    result.expireAfterSeconds_new = BigInt(seconds);
    spec.expireAfterSeconds = seconds;
  }
  if (hidden !== undefined) {
    if (index.name === '_id_') throw new CommandError(2, "can't hide _id index");
    if (index.hidden !== isTruthy(hidden))
      Object.assign(result, { hidden_old: index.hidden, hidden_new: isTruthy(hidden) });
    if (isTruthy(hidden)) spec.hidden = true;
    else delete spec.hidden;
  }
  if (Object.keys(result).length) engine.catalog.setIndexSpec(collection, index, spec);
  return result;
}

/** @throws CommandError 14 or 72 for what is no time after which documents of this index may go */
function secondsOf(index: Index, given: Value): number {
  if (!isNumber(given))
    throw new CommandError(
      14,
      `BSON field 'collMod.index.expireAfterSeconds' is the wrong type '${typeName(given)}', expected types '[long, int, decimal, double]'`,
    );
  const seconds = Math.min(Math.trunc(toNumber(given)) || 0, 2147483647);
  if (seconds < 0) throw new CommandError(72, "TTL index 'expireAfterSeconds' option cannot be less than 0");
  if (index.name === '_id_') throw new CommandError(72, 'the _id field does not support TTL indexes');
  if (index.fields.length > 1)
    throw new CommandError(72, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  return seconds;
}
