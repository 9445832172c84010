import { BSON, type Document, MongoError, MongoServerError } from 'mongodb';
import type { Entities } from './entities.ts';

const { EJSON } = BSON;

/** What differs between an expectation of the unified test format and a value, or nothing. */
export type Difference = string | undefined;

/** Compares as the format says ("Evaluating Matches"): a document at the root may hold more than is expected. */
export function differenceOf(
  expected: unknown,
  actual: unknown,
  entities: Entities,
  path = '',
  root = true,
): Difference {
  if (isPlain(expected)) {
    const operator = operatorOf(expected);
    if (operator) return byOperator(operator, expected[operator], actual, entities, path, root);
    return ofDocuments(expected, actual, entities, path, root);
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return `${path}: ${show(actual)} is not the array ${show(expected)}`;
    if (actual.length !== expected.length) return `${path}: ${show(actual)} has not the length of ${show(expected)}`;
    return firstOf(expected.map((item, at) => differenceOf(item, actual[at], entities, `${path}[${at}]`, root)));
  }
  // GridFS of today's driver searches by `{$eq: id}` where the files have the id.
  if (isPlain(actual) && Object.keys(actual).join() === '$eq')
    return differenceOf(expected, actual.$eq, entities, path);
  return same(expected, actual) ? undefined : `${path}: ${show(actual)} instead of ${show(expected)}`;
}

function ofDocuments(expected: Document, actual: unknown, entities: Entities, path: string, root: boolean): Difference {
  if (typeof actual !== 'object' || actual === null) return `${path}: ${show(actual)} is not ${show(expected)}`;
  const fields = actual instanceof Map ? Object.fromEntries(actual) : (actual as Document);
  const more = Object.keys(fields).find((name) => !root && fields[name] !== undefined && !(name in expected));
  if (more !== undefined) return `${path}.${more}: ${show(fields[more])} is not expected`;
  return firstOf(
    Object.entries(expected).map(([name, value]) => {
      const operator = isPlain(value) ? operatorOf(value) : undefined;
      const there = name in fields && fields[name] !== undefined;
      if (!there && operator === '$$unsetOrMatches') return undefined;
      if (!there && !(operator === '$$exists' && isPlain(value) && value.$$exists === false)) {
        return `${path}.${name} is missing`;
      }
      return differenceOf(value, fields[name], entities, `${path}.${name}`, false);
    }),
  );
}

function byOperator(
  operator: string,
  operand: unknown,
  actual: unknown,
  entities: Entities,
  path: string,
  root: boolean,
): Difference {
  const instead = (what: string) => `${path}: ${show(actual)} ${what} ${show(operand)}`;
  switch (operator) {
    case '$$exists':
      return (actual !== undefined) === operand ? undefined : instead('against $$exists');
    case '$$type':
      return [operand].flat().some((type) => isOfType(actual, String(type))) ? undefined : instead('is not of type');
    case '$$unsetOrMatches':
      return actual === undefined || actual === null ? undefined : differenceOf(operand, actual, entities, path, root);
    case '$$sessionLsid':
      return same(entities.lsidOf(String(operand)), actual) ? undefined : instead('is not the session');
    case '$$matchesEntity':
      return differenceOf(entities.get(String(operand)), actual, entities, path, false);
    case '$$matchesHexBytes':
      return Buffer.from(actual as Uint8Array).toString('hex') === operand ? undefined : instead('is not');
    case '$$matchAsRoot':
      return differenceOf(operand, actual, entities, path, true);
    case '$$matchAsDocument':
      return differenceOf(operand, EJSON.parse(String(actual)), entities, path, false);
    case '$$lte':
      return Number(actual) <= Number(operand) ? undefined : instead('is more than');
    default:
      throw new Error(`The runner does not know ${operator}`);
  }
}

/** What differs between an expected error and what an operation gave. */
export function errorDifference(expected: Document, error: unknown, entities: Entities): Difference {
  const { isClientError, isTimeoutError, errorContains, errorCode, errorCodeName, errorResponse, expectResult } =
    expected;
  const { errorLabelsContain = [], errorLabelsOmit = [] } = expected;
  if (!(error instanceof Error)) return `succeeded with ${show(error)} instead of failing with ${show(expected)}`;
  const labelled = (label: string) => error instanceof MongoError && error.hasErrorLabel(label);
  const has = error as Error & { code?: unknown; codeName?: unknown; errorResponse?: Document; result?: unknown };
  const instead = (what: string) => `${what} instead of ${show(expected)}: ${show(has)}`;
  if (isClientError !== undefined && isClientError === error instanceof MongoServerError)
    return instead('from the server');
  if (isTimeoutError !== undefined && isTimeoutError !== /Timeout/.test(error.name)) return instead('another kind');
  if (errorContains && !error.message.toLowerCase().includes(errorContains.toLowerCase()))
    return instead('another message');
  if (errorCode !== undefined && errorCode !== has.code) return instead('another code');
  if (errorCodeName !== undefined && errorCodeName !== (has.codeName ?? has.errorResponse?.codeName))
    return instead('another name');
  const missing = errorLabelsContain.find((label: string) => !labelled(label));
  const tooMany = errorLabelsOmit.find((label: string) => labelled(label));
  if (missing || tooMany) return instead(missing ? `no label ${missing}` : `label ${tooMany}`);
  if (errorResponse) return differenceOf(errorResponse, has.errorResponse ?? has, entities, 'errorResponse');
  return expectResult === undefined ? undefined : differenceOf(expectResult, has.result, entities, 'error.result');
}

function operatorOf(value: Document): string | undefined {
  const [first, ...more] = Object.keys(value);
  return more.length === 0 && first?.startsWith('$$') ? first : undefined;
}

function isPlain(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function firstOf(differences: Difference[]): Difference {
  return differences.find((difference) => difference !== undefined);
}

/** Numbers are the same whatever their type; other values when they are the same in Extended JSON. */
function same(expected: unknown, actual: unknown): boolean {
  return show(expected) === show(actual);
}

export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Error) return `${value.name}: ${value.message} ${EJSON.stringify({ ...value })}`;
  try {
    return EJSON.stringify(value, { relaxed: true });
  } catch {
    // What belongs to a client is a circle.
    return String(value);
  }
}

const TYPES: Record<string, (value: unknown) => boolean> = {
  double: (value) => typeof value === 'number',
  int: (value) => Number.isInteger(Number(value)) && typeof value !== 'string',
  long: (value) => Number.isInteger(Number(value)) && typeof value !== 'string',
  string: (value) => typeof value === 'string',
  object: (value) => isPlain(value),
  array: (value) => Array.isArray(value),
  bool: (value) => typeof value === 'boolean',
  date: (value) => value instanceof Date,
  null: (value) => value === null,
  number: (value) => !Number.isNaN(Number(value)),
  binData: (value) => value instanceof Uint8Array || (value as Document)?._bsontype === 'Binary',
  objectId: (value) => (value as Document)?._bsontype === 'ObjectId',
  timestamp: (value) => (value as Document)?._bsontype === 'Timestamp',
};

function isOfType(value: unknown, type: string): boolean {
  const test = TYPES[type];
  if (!test) throw new Error(`The runner does not know the type ${type}`);
  return value !== undefined && test(value);
}
