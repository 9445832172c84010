import { CommandError, cut, unsupported } from '../errors.ts';
import { sameKey } from '../storage/index.ts';
import { completeCollation, isCollation } from '../values/collation.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { isTruthy, toInteger, toNumber } from '../values/types.ts';
import { cappedOptions } from './capped.ts';
import { documentField } from './request.ts';
import { validationOptions } from './validation.ts';

/**
 * What `create` says of a collection, as `listCollections` shows it (manual: reference/command/create).
 * @throws CommandError 72, 14, 40414 and others for what does not fit together
 */
export function createOptions(command: Document): Document {
  if (isDocument(command.collation) && !isCollation(command.collation))
    throw new CommandError(40414, "BSON field 'create.collation.locale' is missing but a required field");
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

/** For how many seconds one bucket of each granularity goes on. */
const SPANS: Readonly<Record<string, number>> = { seconds: 3600, minutes: 86_400, hours: 2_592_000 };

function timeSeries(command: Document): Document {
  const given = documentField(command, 'timeseries');
  if (!given) return {};
  const { timeField, metaField, granularity, bucketMaxSpanSeconds, bucketRoundingSeconds, ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown)
    throw new CommandError(40415, `BSON field 'create.timeseries.${cut(unknown)}' is an unknown or unsupported field.`);
  if (typeof timeField !== 'string')
    throw new CommandError(40414, "BSON field 'create.timeseries.timeField' is missing but a required field");
  if (timeField.includes('.') || timeField.startsWith('$'))
    throw new CommandError(72, "The timeField must be a name without '.' and without '$' at its start");
  if (metaField !== undefined && (typeof metaField !== 'string' || metaField === '_id' || metaField === timeField))
    throw new CommandError(72, "The metaField must be a name other than '_id' and the timeField");
  if (isTruthy(command.capped)) throw new CommandError(72, "'timeseries' is not allowed with 'capped'");
  const buckets = spanOf(granularity, bucketMaxSpanSeconds, bucketRoundingSeconds);
  return { timeseries: { timeField, ...(metaField !== undefined && { metaField }), ...buckets } };
}

/** How long a bucket is: by its granularity, or by two options that must be the same. Nothing is in buckets here. */
function spanOf(granularity: Value, span: Value, rounding: Value): Document {
  if (span === undefined && rounding === undefined) {
    const name = granularity ?? 'seconds';
    if (typeof name !== 'string' || !Object.hasOwn(SPANS, name))
      throw new CommandError(2, `Enumeration value '${cut(name)}' for field 'granularity' is not a valid value.`);
    return { granularity: name, bucketMaxSpanSeconds: SPANS[name] };
  }
  const seconds = toInteger(span ?? rounding, "BSON field 'create.timeseries.bucketMaxSpanSeconds'", 14);
  if (granularity !== undefined || toNumber(span) !== toNumber(rounding) || seconds <= 0 || seconds > 31_536_000)
    throw new CommandError(
      72,
      'bucketMaxSpanSeconds and bucketRoundingSeconds must be set together, to the same value between 1 and 31536000, and without granularity',
    );
  return { bucketRoundingSeconds: seconds, bucketMaxSpanSeconds: seconds };
}

function clustered(command: Document): Document {
  const given = documentField(command, 'clusteredIndex');
  if (!given) return {};
  if (!isDocument(given.key) || !sameKey(given.key, { _id: 1 }) || given.unique !== true)
    throw new CommandError(197, 'The clusteredIndex option is only supported with key: {_id: 1} and unique: true');
  if (isDocument(command.collation) && command.collation.locale !== 'simple')
    throw unsupported('A clustered collection with a collation');
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
