import { CommandError, unsupported } from '../errors.ts';
import { type Collection, isView } from '../storage/catalog.ts';
import { readIndexSpec } from '../storage/index.ts';
import { type Document, isDocument } from '../values/document.ts';
import { isTruthy, toInteger } from '../values/types.ts';
import { keepWithinCap } from './capped.ts';
import { indexesNamed } from './indexes.ts';
import { type Command, collectionName, documentField, type Request } from './request.ts';
import { refuseUnknownFields } from './unknown-fields.ts';
import { validationOptions } from './validation.ts';

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
    const options = changedOptions(collection, command);
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
function changedOptions(collection: Collection, command: Document): Document {
  const { options } = collection;
  const { viewOn, pipeline, expireAfterSeconds, cappedSize, cappedMax } = command;
  const changed: Document = validationOptions(command);
  if (viewOn !== undefined || pipeline !== undefined) {
    if (!isView(collection)) throw new CommandError(72, "'viewOn' and 'pipeline' are only for views");
    Object.assign(changed, { viewOn: viewOn ?? options.viewOn, pipeline: pipeline ?? options.pipeline });
  }
  const images = documentField(command, 'changeStreamPreAndPostImages');
  if (images) changed.changeStreamPreAndPostImages = { enabled: isTruthy(images.enabled) };
  if (cappedSize !== undefined || cappedMax !== undefined) {
    if (options.capped !== true)
      throw new CommandError(72, "'cappedSize' and 'cappedMax' are only for capped collections");
    if (cappedSize !== undefined) changed.size = toInteger(cappedSize, "BSON field 'collMod.cappedSize'", 14);
    if (cappedMax !== undefined) changed.max = toInteger(cappedMax, "BSON field 'collMod.cappedMax'", 14);
  }
  if (expireAfterSeconds !== undefined) {
    if (!isDocument(options.timeseries) && !isDocument(options.clusteredIndex))
      throw new CommandError(72, "'expireAfterSeconds' is only for time series and clustered collections");
    const seconds = toInteger(expireAfterSeconds === 'off' ? 0 : expireAfterSeconds, "'expireAfterSeconds'", 14);
    changed.expireAfterSeconds = expireAfterSeconds === 'off' ? undefined : BigInt(seconds);
  }
  return changed;
}

/** Changes what an index can change without being built again. @returns its former and its new options */
function changeIndex({ engine }: Request, collection: Collection, change: Document): Document {
  const { name, keyPattern, ...changes } = change;
  const other = Object.keys(changes).find((option) => !['expireAfterSeconds', 'hidden'].includes(option));
  if (other) throw unsupported(`The option ${other} of an index in collMod`);
  const [index] = indexesNamed(collection, name ?? keyPattern);
  if (!index) throw new CommandError(27, 'cannot find the index to change');
  const spec = { ...index.spec };
  const result: Document = {};
  for (const [option, value] of Object.entries(changes)) {
    result[`${option}_old`] = spec[option];
    result[`${option}_new`] = value;
    spec[option] = value;
  }
  engine.catalog.setIndexSpec(collection, index, readIndexSpec(spec));
  return result;
}
