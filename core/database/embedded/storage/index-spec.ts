import { BSONRegExp } from 'bson';
import { CommandError, cut, unsupported } from '../errors.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { show } from '../values/show.ts';
import { isNumber, isTruthy, toNumber, typeName } from '../values/types.ts';

const OPTIONS = [
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'background',
  'partialFilterExpression',
  'expireAfterSeconds',
  'hidden',
  'collation',
  'wildcardProjection',
  'ns',
];
const IGNORED = ['ns', 'v'];
const REFUSED = ['2dsphere', '2d', 'text', 'geoHaystack', 'columnstore'];

/**
 * Reads one entry of `createIndexes` (manual: reference/command/createIndexes).
 * @throws CommandError 67, 72, 197 and others for what MongoDB refuses; 238 for kinds of index that this engine does not have
 */
export function readIndexSpec(given: Document): Document {
  const spec = within(given, () => readFields(given));
  checkExpiry(given, spec);
  checkIdIndex(given);
  if (spec.name === '*') throw new CommandError(2, "The index name '*' is not valid.");
  return spec;
}

/** Says of which index a refusal is. */
function within(given: Document, read: () => Document): Document {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CommandError) || error.code === 238) throw error;
    throw new CommandError(
      error.code,
      `Error in specification ${cut(show(given), 500)} :: caused by :: ${error.message}`,
    );
  }
}

function readFields(given: Document): Document {
  const { key, name, ...rest } = given;
  if (rest.v !== undefined && ![1, 2].includes(toNumber(rest.v)))
    throw new CommandError(67, `cannot create an index with v=${cut(show(rest.v))}`);
  if (key === undefined) throw new CommandError(9, "The 'key' field is a required property of an index specification");
  if (!isDocument(key)) throw new CommandError(14, `The field 'key' must be an object, but got ${typeName(key)}`);
  if (Object.keys(key).length === 0) throw new CommandError(67, 'Index keys cannot be an empty object');
  for (const option of Object.keys(rest)) {
    if (
      [
        'weights',
        'default_language',
        'language_override',
        'textIndexVersion',
        '2dsphereIndexVersion',
        'bits',
        'min',
        'max',
        'storageEngine',
        'clustered',
        'prepareUnique',
      ].includes(option)
    ) {
      throw unsupported(`The index option ${option}`);
    }
    if (!OPTIONS.includes(option)) {
      throw new CommandError(
        197,
        `The field '${cut(option)}' is not valid for an index specification. Specification: ${cut(show(given), 500)}`,
      );
    }
  }
  for (const [path, direction] of Object.entries(key)) checkField(path, direction);
  if (name !== undefined && typeof name !== 'string')
    throw new CommandError(14, `The field 'name' must be a string, but got ${typeName(name)}`);
  if (name === undefined)
    throw new CommandError(9, "The 'name' field is a required property of an index specification");
  if (name === '') throw new CommandError(67, 'index name cannot be empty');
  const spec: Document = { v: 2 };
  spec.key = key;
  spec.name = name;
  for (const [option, value] of Object.entries(rest)) if (!IGNORED.includes(option)) spec[option] = value;
  for (const flag of ['unique', 'sparse', 'hidden']) {
    if (flag in spec && typeof spec[flag] !== 'boolean' && !isNumber(spec[flag]))
      throw new CommandError(14, `The field '${flag}' has a value which is not convertible to bool`);
    if (flag in spec && !isTruthy(spec[flag])) delete spec[flag];
    else if (flag in spec) spec[flag] = true;
  }
  checkOptions(spec);
  return spec;
}

/** The end of a path that stands for all fields below it (manual: core/indexes/index-types/index-wildcard). */
export const WILDCARD = /(^|\.)\$\*\*$/;

function checkField(path: string, direction: Value): void {
  if (path === '' || path.split('.').includes('')) throw new CommandError(67, 'Index keys cannot be an empty field.');
  if (
    path
      .replace(WILDCARD, '')
      .split('.')
      .some((part) => part.startsWith('$') && !['$ref', '$id', '$db'].includes(part))
  ) {
    throw new CommandError(67, "Index key contains an illegal field name: field name starts with '$'.");
  }
  if (typeof direction === 'string') {
    if (direction === 'hashed' && !WILDCARD.test(path)) return;
    if (REFUSED.includes(direction)) throw unsupported(`An index of type ${direction}`);
    throw new CommandError(67, `Unknown index plugin '${cut(direction)}'`);
  }
  const number = toNumber(direction);
  if (Number.isNaN(number))
    throw new CommandError(
      67,
      `Values in v:2 index key pattern cannot be of type ${typeof direction}. Only numbers > 0, numbers < 0, and strings are allowed.`,
    );
  if (number === 0) throw new CommandError(67, 'Values in the index key pattern cannot be 0.');
}

function checkOptions(spec: Document): void {
  const { partialFilterExpression: partial, collation } = spec;
  checkKind(spec);
  if (collation !== undefined && !isDocument(collation))
    throw new CommandError(14, `The field 'collation' must be an object, but got ${typeName(collation)}`);
  if (isDocument(collation) && Object.keys(collation).length === 0)
    throw new CommandError(2, "The field 'collation' cannot be an empty object.");
  if (partial === undefined) return;
  if (!isDocument(partial)) throw new CommandError(14, "The field 'partialFilterExpression' must be an object");
  if (spec.sparse) throw new CommandError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  checkPartial(partial);
}

/** Seconds are stored as a whole number (manual: core/index-ttl). */
function checkExpiry(given: Document, spec: Document): void {
  const { expireAfterSeconds: expire } = spec;
  if (expire === undefined) return;
  const fails = (why: string) => new CommandError(67, `. Index spec: ${cut(show(given), 500)} :: caused by :: ${why}`);
  if (!isNumber(expire)) throw new CommandError(14, "The field 'expireAfterSeconds' must be a number");
  const seconds = Math.trunc(toNumber(expire));
  if (Number.isNaN(seconds)) throw fails("TTL index 'expireAfterSeconds' option must not be NaN");
  if (seconds < 0) throw fails("TTL index 'expireAfterSeconds' option cannot be less than 0");
  if (seconds > 2147483647) throw fails("TTL index 'expireAfterSeconds' option is out of bounds");
  if (Object.keys(spec.key as Document).length !== 1)
    throw new CommandError(
      67,
      `TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: ${cut(show(given), 500)}`,
    );
  spec.expireAfterSeconds = seconds;
}

/** What may be said of the index of `_id`: `background` means nothing any more. */
const OF_ID = ['v', 'key', 'name', 'ns', 'collation', 'background', 'hidden'];

/** The index of `_id` is there, and is as it is (manual: indexes, "Default Index"). */
function checkIdIndex(given: Document): void {
  const { key, name } = given as { key: Document; name: string };
  if (!isIdKey(key)) {
    if (name !== '_id_') return;
    throw new CommandError(
      2,
      `The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found key: ${cut(show(key))}`,
    );
  }
  const wrong = Object.keys(given).find((option) => !OF_ID.includes(option));
  if (wrong)
    throw new CommandError(
      197,
      `The field '${cut(wrong)}' is not valid for an _id index specification. Specification: ${cut(show(given), 500)}`,
    );
  if (toNumber(key._id) !== 1)
    throw new CommandError(2, `The field 'key' for an _id index must be {_id: 1}, but got ${show(key)}`);
  if ('hidden' in given) throw new CommandError(2, "can't hide _id index");
}

/** Whether keys are of `_id` alone, in either direction. */
export function isIdKey(key: Document): boolean {
  return Object.keys(key).length === 1 && Math.abs(toNumber(key._id)) === 1;
}

/** What hashed and wildcard indexes cannot be (manual: core/indexes/index-types/index-hashed and …/index-wildcard). */
function checkKind(spec: Document): void {
  const entries = Object.entries(spec.key as Document);
  const hashed = entries.filter(([, direction]) => direction === 'hashed').length;
  const wild = entries.filter(([path]) => WILDCARD.test(path)).length;
  if (hashed > 1)
    throw new CommandError(31303, `A maximum of one index field is allowed to be hashed but found ${hashed}`);
  if (hashed && spec.unique)
    throw new CommandError(16764, 'Currently hashed indexes cannot guarantee uniqueness. Use a regular index.');
  if (wild > 1) throw new CommandError(67, 'wildcard indexes do not allow more than one wildcard field');
  if (wild && hashed) throw new CommandError(67, 'wildcard indexes do not allow hashed fields');
  for (const option of wild ? ['unique', 'sparse', 'expireAfterSeconds'] : []) {
    if (option in spec) throw new CommandError(67, `Index type 'wildcard' does not support the ${option} option`);
  }
  const { wildcardProjection: projection } = spec;
  if (projection === undefined) return;
  if (!entries.some(([path]) => path === '$**'))
    throw new CommandError(2, "The field 'wildcardProjection' is only allowed in an index on all fields, '$**'");
  if (!isDocument(projection) || Object.keys(projection).length === 0)
    throw new CommandError(9, "The 'wildcardProjection' field must be a non-empty object");
}

/** A partial index takes only a few operators, three within each other (manual: core/index-partial). */
function checkPartial(filter: Document, depth = 1): void {
  if (depth > 4) throw new CommandError(67, 'partialFilterExpression is nested deeper than 4 levels');
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and' || name === '$or') {
      for (const branch of Array.isArray(operand) ? operand : [])
        if (isDocument(branch)) checkPartial(branch, depth + 1);
    } else if (name.startsWith('$')) {
      throw new CommandError(67, `Expression not supported in partial index: ${cut(name)}`);
    } else if (operand instanceof BSONRegExp) {
      throw new CommandError(67, `Expression not supported in partial index: ${cut(name)} $regex`);
    } else if (isDocument(operand) && Object.keys(operand)[0]?.startsWith('$')) {
      const bad = Object.keys(operand).find(
        (operator) => !['$eq', '$exists', '$gt', '$gte', '$lt', '$lte', '$type', '$in'].includes(operator),
      );
      if (bad || operand.$exists === false)
        throw new CommandError(67, `Expression not supported in partial index: ${cut(bad ?? '$exists: false')}`);
    }
  }
}
