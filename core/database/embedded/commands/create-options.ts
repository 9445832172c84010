import { CommandError, cut } from '../errors.ts';
import { sameKey } from '../storage/index.ts';
import { completeCollation } from '../values/collation.ts';
import { type Document, isDocument } from '../values/document.ts';
import { isTruthy, toInteger } from '../values/types.ts';
import { cappedOptions } from './capped.ts';
import { documentField } from './request.ts';
import { validationOptions } from './validation.ts';

/**
 * What `create` says of a collection, as `listCollections` shows it (manual: reference/command/create).
 * @throws CommandError 72, 14 and others for what does not fit together
 */
export function createOptions(command: Document): Document {
  const collation = completeCollation(command.collation);
  return {
    ...cappedOptions(command),
    ...validationOptions(command),
    ...(collation && { collation }),
    ...timeSeries(command),
    ...clustered(command),
    ...images(command),
    ...expiry(command),
  };
}

const GRANULARITIES = ['seconds', 'minutes', 'hours'];

function timeSeries(command: Document): Document {
  const given = documentField(command, 'timeseries');
  if (!given) return {};
  const { timeField, metaField, granularity = 'seconds', ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown)
    throw new CommandError(40415, `BSON field 'create.timeseries.${cut(unknown)}' is an unknown or unsupported field.`);
  if (typeof timeField !== 'string')
    throw new CommandError(40414, "BSON field 'create.timeseries.timeField' is missing but a required field");
  if (metaField !== undefined && (typeof metaField !== 'string' || metaField === '_id' || metaField === timeField))
    throw new CommandError(72, "The metaField must be a name other than '_id' and the timeField");
  if (!GRANULARITIES.includes(granularity as string))
    throw new CommandError(2, `Enumeration value '${cut(granularity)}' for field 'granularity' is not a valid value.`);
  if (isTruthy(command.capped)) throw new CommandError(72, "'timeseries' is not allowed with 'capped'");
  return { timeseries: { timeField, ...(metaField !== undefined && { metaField }), granularity } };
}

function clustered(command: Document): Document {
  const given = documentField(command, 'clusteredIndex');
  if (!given) return {};
  if (!isDocument(given.key) || !sameKey(given.key, { _id: 1 }) || given.unique !== true)
    throw new CommandError(197, 'The clusteredIndex option is only supported with key: {_id: 1} and unique: true');
  if (isTruthy(command.capped)) throw new CommandError(72, "'clusteredIndex' is not allowed with 'capped'");
  return { clusteredIndex: { v: 2, key: { _id: 1 }, name: given.name ?? '_id_', unique: true } };
}

function images(command: Document): Document {
  const given = documentField(command, 'changeStreamPreAndPostImages');
  return given ? { changeStreamPreAndPostImages: { enabled: isTruthy(given.enabled) } } : {};
}

function expiry({ expireAfterSeconds, timeseries, clusteredIndex }: Document): Document {
  if (expireAfterSeconds === undefined) return {};
  if (timeseries === undefined && clusteredIndex === undefined)
    throw new CommandError(
      72,
      "'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified",
    );
  return { expireAfterSeconds: BigInt(toInteger(expireAfterSeconds, "BSON field 'create.expireAfterSeconds'", 14)) };
}
